package resonance.transformer.tensor;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.javacpp.FloatPointer;

/**
 * How fast OpenBLAS multiplies with the kernels that this process was told to use: a process of {@link OpenBlasKernels}.
 *
 * <p>Prints the name of the kernels and one rate, the geometric mean of those of a product with weights and of the small ones of
 * attention, GFLOP/s.
 */
final class KernelMeasurement {
    private static final int ROWS = 256;
    private static final int WIDTH = 512;
    private static final int INNER_WIDTH = 2_048;

    private static final int BLOCK = 32;
    private static final int LENGTH = 64;
    private static final int BLOCKS = 16;

    private static final double SECONDS = 0.015;
    private static final double GIGA = 1e9;

    private KernelMeasurement() {}

    public static void main(String[] arguments) {
        LibTorch.loadOpenBlas();
        System.out.println(OpenBlasKernels.inUse() + " " + String.format(Locale.ROOT, "%.2f", rate()));
    }

    private static double rate() {
        try (FloatPointer x = filled(ROWS * WIDTH);
                FloatPointer weight = filled(INNER_WIDTH * WIDTH);
                FloatPointer y = filled(ROWS * INNER_WIDTH)) {
            double large =
                    rate(2.0 * ROWS * WIDTH * INNER_WIDTH, () -> multiply(ROWS, INNER_WIDTH, WIDTH, x, weight, y));
            double small = rate(2.0 * BLOCKS * BLOCK * LENGTH * LENGTH, () -> {
                for (int i = 0; i < BLOCKS; i++) {
                    multiply(BLOCK, LENGTH, LENGTH, x, weight, y);
                }
            });
            return Math.sqrt(large * small);
        }
    }

    /** y = x w^T of (m, k) and (n, k), rows of x and w a model's width apart. */
    private static void multiply(int m, int n, int k, FloatPointer x, FloatPointer w, FloatPointer y) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, x, WIDTH, w, WIDTH, 0, y, n);
    }

    /** GFLOP/s of the fastest round after the first. */
    private static double rate(double operations, Runnable round) {
        round.run();
        double best = Double.POSITIVE_INFINITY;
        double spent = 0;
        while (spent < SECONDS) {
            double start = ThreadTime.seconds();
            round.run();
            double seconds = ThreadTime.seconds() - start;
            best = Math.min(best, seconds);
            spent += seconds;
        }
        return operations / best / GIGA;
    }

    private static FloatPointer filled(int count) {
        float[] values = new float[count];
        Arrays.fill(values, 0.5f);
        return new FloatPointer(values);
    }
}
