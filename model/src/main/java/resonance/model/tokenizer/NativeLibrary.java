package resonance.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The native Hugging Face tokenizers library, loaded once.
 *
 * <p>Loaded from the jar that carries it and not by that jar's own loader: the loader probes for CUDA, logs what it did
 * not find, can download, and keeps a folder in the user's home. Here the library is unpacked into a fresh folder of
 * the user's own and its file is removed as soon as it is loaded; Windows cannot remove a loaded library and does so
 * never, so that there a copy stays in the folder for temporary files.
 */
final class NativeLibrary {
    private static final List<String> WINDOWS_FILES =
            List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", "tokenizers.dll");
    private static @Nullable TokenizersLibrary loaded;

    private NativeLibrary() {}

    /**
     * The library's functions.
     *
     * @throws IllegalStateException if there is none for this system or it can't be loaded
     */
    static synchronized TokenizersLibrary load() {
        TokenizersLibrary library = loaded;
        if (library == null) {
            String system = system();
            try {
                unpackAndLoad(system);
            } catch (IOException | UnsatisfiedLinkError e) {
                throw new IllegalStateException(
                        "the tokenizers library must be loadable from the folder for temporary files, was not: "
                                + e.getMessage() + "; choose another folder with -Djava.io.tmpdir",
                        e);
            }
            library = TokenizersLibrary.LIB;
            loaded = library;
        }
        return library;
    }

    private static void unpackAndLoad(String system) throws IOException {
        Path folder = Files.createTempDirectory("resonance-tokenizers");
        List<Path> unpacked = new ArrayList<>();
        try {
            for (String name : files(system)) {
                String resource = "/native/lib/" + system + "/cpu/" + name;
                try (InputStream in = TokenizersLibrary.class.getResourceAsStream(resource)) {
                    if (in == null) {
                        throw new IllegalStateException(
                                "there must be a tokenizers library for this system, was none for " + system
                                        + "; known: linux-x86_64, linux-aarch64, osx-aarch64, win-x86_64");
                    }
                    Path file = folder.resolve(name);
                    unpacked.add(file);
                    Files.copy(in, file);
                }
            }
            for (Path file : unpacked) {
                System.load(file.toString());
            }
        } finally {
            unpacked.add(folder);
            for (Path file : unpacked) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    file.toFile().deleteOnExit();
                }
            }
        }
    }

    private static List<String> files(String system) {
        if (system.startsWith("win")) {
            return WINDOWS_FILES;
        }
        return List.of(system.startsWith("osx") ? "libtokenizers.dylib" : "libtokenizers.so");
    }

    private static String system() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String os = name.startsWith("windows") ? "win" : name.startsWith("mac") ? "osx" : name.replace(' ', '-');
        return os + "-" + (machine.equals("amd64") ? "x86_64" : machine.equals("arm64") ? "aarch64" : machine);
    }
}
