package resonance.transformer.tensor;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import resonance.natives.NativeLibraryException;

/**
 * Loads the native library once and settles its threads.
 *
 * <p>Parallelism is ours: every worker thread runs its own rows of the batch through the whole model, and LibTorch's
 * own pool inside an operator is set to one thread, so no operator waits for another thread and intermediate tensors
 * stay in the caches of the core that made them. OpenBLAS has a pool of its own, which would fight these threads; it is set
 * to one thread as well. Its kernels are those that were measured to be fastest here ({@link OpenBlasKernels}).
 */
public final class LibTorch {
    /** Version of the native library this build is compiled against. */
    public static final String VERSION = "2.10.0";

    /**
     * JavaCPP's limit on the process's memory. Unless it is 0 JavaCPP reads the process's size from the system each time a
     * native object is made, 4 % of a training step at d_model 64; every object of ours has an owner that frees it.
     */
    private static final String MEMORY_WATCH = "org.bytedeco.javacpp.maxPhysicalBytes";

    /** LibTorch's limit on what it prints to the error stream; its warnings are for who writes programs, not for who runs ours. */
    private static final String LOG_LEVEL = "TORCH_CPP_LOG_LEVEL";

    private static volatile boolean loaded;

    private LibTorch() {}

    /** Loads OpenBLAS alone, to make products with kernels that this process was told to use. */
    static void loadOpenBlas() {
        Loader.load(openblas_nolapack.class);
    }

    /**
     * Loads the native library if it is not loaded yet.
     *
     * @throws NativeLibraryException if it can't be unpacked or loaded
     */
    public static void load() {
        if (!loaded) {
            synchronized (LibTorch.class) {
                if (!loaded) {
                    if (System.getProperty(MEMORY_WATCH) == null) {
                        System.setProperty(MEMORY_WATCH, "0");
                    }
                    LibTorchFiles.unpack();
                    try {
                        OpenBlasKernels.choose();
                        if (System.getenv(LOG_LEVEL) == null) {
                            ProcessEnvironment.set(LOG_LEVEL, "ERROR");
                        }
                        link();
                    } catch (UnsatisfiedLinkError e) {
                        throw LibTorchFiles.unusable(e);
                    }
                    loaded = true;
                }
            }
        }
    }

    /** Loads what JavaCPP finds, unpacking it where it is not there. */
    static void link() {
        Loader.load(torch.class);
        openblas_nolapack.blas_set_num_threads(1);
        torch.set_num_threads(1);
        torch.initLogging();
    }
}
