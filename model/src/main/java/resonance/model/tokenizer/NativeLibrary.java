package resonance.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import resonance.natives.NativeCache;
import resonance.natives.NativeLibraryException;

/**
 * The native Hugging Face tokenizers library, loaded once.
 *
 * <p>Loaded from the jar that carries it and not by that jar's own loader: the loader probes for CUDA, logs what it did
 * not find, can download, and keeps a folder in the user's home. Here the library is unpacked into the {@link NativeCache},
 * in a folder named by the jar and the system, after a comparison with the jar by size and CRC-32.
 */
final class NativeLibrary {
    private static final List<String> WINDOWS_FILES =
            List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", "tokenizers.dll");
    private static @Nullable TokenizersLibrary loaded;

    private NativeLibrary() {}

    /**
     * The library's functions.
     *
     * @throws NativeLibraryException if it can't be unpacked or loaded
     * @throws IllegalStateException if there is none for this system
     */
    static synchronized TokenizersLibrary load() {
        TokenizersLibrary library = loaded;
        if (library == null) {
            String system = system();
            List<String> files = files(system);
            String jar = jarName(resource(system, files.get(0)));
            Path folder = NativeCache.ofUser().folder(jar + "-" + system, to -> unpack(system, files, to));
            try {
                for (String file : files) {
                    System.load(folder.resolve(file).toString());
                }
            } catch (UnsatisfiedLinkError e) {
                throw new NativeLibraryException(
                        "the tokenizers library must be loadable from " + folder + ", was not: " + e.getMessage()
                                + "; if that folder's file system forbids to run programs, name another folder with "
                                + NativeCache.VARIABLE,
                        e);
            }
            library = TokenizersLibrary.LIB;
            loaded = library;
        }
        return library;
    }

    private static void unpack(String system, List<String> files, Path folder) throws IOException {
        for (String file : files) {
            URLConnection connection = resource(system, file).openConnection();
            CRC32 sum = new CRC32();
            try (InputStream in = connection.getInputStream();
                    OutputStream out = new CheckedOutputStream(Files.newOutputStream(folder.resolve(file)), sum)) {
                in.transferTo(out);
            }
            JarEntry entry = connection instanceof JarURLConnection inJar ? inJar.getJarEntry() : null;
            if (entry != null
                    && (entry.getCrc() != sum.getValue() || entry.getSize() != Files.size(folder.resolve(file)))) {
                throw new IOException(file + " differs from the jar that it is from");
            }
        }
    }

    private static URL resource(String system, String file) {
        URL resource = TokenizersLibrary.class.getResource("/native/lib/" + system + "/cpu/" + file);
        if (resource == null) {
            throw new IllegalStateException("there must be a tokenizers library for this system, was none for " + system
                    + "; known: linux-x86_64, linux-aarch64, osx-aarch64, win-x86_64");
        }
        return resource;
    }

    /** The name of the jar that a resource is in, which holds its version: {@code tokenizers-0.38.0}. */
    private static String jarName(URL resource) {
        String path = resource.getPath();
        int end = path.indexOf(".jar!");
        return end < 0 ? "tokenizers" : path.substring(path.lastIndexOf('/', end) + 1, end);
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
