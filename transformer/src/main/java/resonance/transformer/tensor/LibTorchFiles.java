package resonance.transformer.tensor;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import resonance.natives.NativeCache;
import resonance.natives.NativeLibraryException;

/**
 * LibTorch's native files, 430 MB, unpacked out of their jars before JavaCPP looks for them.
 *
 * <p>JavaCPP unpacks a file where it is going to be loaded, and the system's linker loads the libraries that a library needs
 * without asking JavaCPP. So a start that is killed, or a second one that comes too early, would meet half a file. Here
 * JavaCPP unpacks and loads everything once in a process of its own, into a folder that {@link NativeCache} moves to its
 * place only after every file was compared with its jar by size and CRC-32; JavaCPP then finds all that it looks for.
 *
 * <p>The folder's name holds the version, the platform and a hash of the native jars on the class path, so that CUDA's
 * natives have a folder of their own. Where the class path of the process names none (a class loader of somebody else's), JavaCPP
 * unpacks by its own rules.
 */
final class LibTorchFiles {
    /** Where JavaCPP unpacks. If a user names a folder by it, that is the cache folder. */
    private static final String FOLDER = "org.bytedeco.javacpp.cachedir";

    private static final String NAMED = System.getProperty(FOLDER, "");
    private static final String PREFIX = "org.bytedeco.";
    private static final int NATIVE_ACCESS = 22;

    private LibTorchFiles() {}

    /** Unpacks in a process of its own: ends with 0, or with the reason as the last line of its output. */
    public static void main(String[] none) {
        Thread parent = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // Then there is nobody to unpack for either.
                    }
                    Runtime.getRuntime().halt(1);
                },
                "end with the parent");
        parent.setDaemon(true);
        parent.start();
        try {
            LibTorch.link();
        } catch (UnsatisfiedLinkError e) {
            System.err.println(reason(e));
            Runtime.getRuntime().halt(1);
        }
    }

    /** Sees to it that all files are there, and tells JavaCPP where. */
    static void unpack() {
        try {
            List<Path> jars = nativeJars();
            if (jars.isEmpty()) {
                return;
            }
            NativeCache cache = NAMED.isEmpty()
                    ? NativeCache.ofUser()
                    : NativeCache.at(Path.of(NAMED).toAbsolutePath());
            Path files = cache.folder(name(jars), folder -> unpackInto(folder, jars));
            System.setProperty(FOLDER, files.toString());
        } catch (IOException | InvalidPathException e) {
            throw new NativeLibraryException(
                    "the class path must name jars that can be read, was " + OwnClassPath.text() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** A library that is there and is refused by the system. */
    static NativeLibraryException unusable(UnsatisfiedLinkError failure) {
        return new NativeLibraryException(
                "LibTorch must be loadable from " + System.getProperty(FOLDER) + ", was not: " + reason(failure)
                        + "; if that folder's file system forbids to run programs, name another folder with "
                        + NativeCache.VARIABLE,
                failure);
    }

    private static String reason(Throwable failure) {
        Throwable origin = failure;
        while (origin.getCause() != null) {
            origin = origin.getCause();
        }
        String message = String.valueOf(origin.getMessage());
        String line = String.join(" ", message.lines().map(String::strip).toList());
        return line.substring(line.lastIndexOf('/') + 1); // the linker names the library's whole path, twice
    }

    private static String name(List<Path> jars) throws IOException {
        CRC32 hash = new CRC32();
        for (Path jar : jars) {
            hash.update((jar.getFileName() + " " + Files.size(jar) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return String.format("libtorch-%s-%s-%08x", LibTorch.VERSION, Loader.getPlatform(), hash.getValue());
    }

    private static void unpackInto(Path folder, List<Path> jars) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        if (Runtime.version().feature() >= NATIVE_ACCESS) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        for (String property : System.getProperties().stringPropertyNames()) {
            if ((property.startsWith(PREFIX) && !property.equals(FOLDER)) || property.equals("java.library.path")) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        command.add("-D" + FOLDER + "=" + folder);
        command.addAll(List.of("-cp", OwnClassPath.text(), LibTorchFiles.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            int code = process.waitFor();
            if (code != 0) {
                List<String> lines =
                        output.lines().filter(line -> !line.isBlank()).toList();
                throw new IOException(
                        lines.isEmpty() ? "unpacking ended with code " + code : lines.get(lines.size() - 1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        Files.deleteIfExists(folder.resolve(".lock")); // JavaCPP's own
        check(folder, jars);
    }

    /** Compares every file in JavaCPP's folders, one a jar, with that jar's entries; it renames some of them. */
    private static void check(Path folder, List<Path> jars) throws IOException {
        Map<String, Set<String>> known = new HashMap<>();
        for (Path jar : jars) {
            Set<String> entries = known.computeIfAbsent(jar.getFileName().toString(), name -> new HashSet<>());
            try (JarFile open = new JarFile(jar.toFile())) {
                open.stream().forEach(entry -> entries.add(mark(entry)));
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(path -> !Files.isSymbolicLink(path) && Files.isRegularFile(path))
                    .toList()) {
                @Nullable
                Set<String> entries =
                        known.get(folder.relativize(file).getName(0).toString());
                if (entries != null && !entries.contains(mark(file))) {
                    throw new IOException(folder.relativize(file) + " differs from the jar that it is from");
                }
            }
        }
    }

    private static String mark(ZipEntry entry) {
        return entry.getSize() + " " + entry.getCrc();
    }

    private static String mark(Path file) throws IOException {
        CRC32 sum = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(file), sum)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Files.size(file) + " " + sum.getValue();
    }

    /** The jars with native files for this platform on the class path, those too that manifests of its jars name. */
    private static List<Path> nativeJars() throws IOException {
        String platform = Loader.getPlatform();
        Set<Path> jars = new LinkedHashSet<>();
        for (String element : OwnClassPath.text().split(File.pathSeparator, -1)) {
            Path file = Path.of(element);
            if (!element.endsWith(".jar") || !Files.isRegularFile(file)) {
                continue;
            }
            jars.add(file);
            try (JarFile jar = new JarFile(file.toFile())) {
                @Nullable Manifest manifest = jar.getManifest();
                @Nullable
                String more =
                        manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
                if (more != null) {
                    for (String named : more.trim().split(" +", -1)) {
                        jars.add(Path.of(file.toUri().resolve(named)));
                    }
                }
            }
        }
        List<Path> ofPlatform = new ArrayList<>();
        for (Path jar : jars) {
            if (jar.getFileName().toString().contains(platform) && Files.isRegularFile(jar) && isOfJavaCpp(jar)) {
                ofPlatform.add(jar);
            }
        }
        return ofPlatform;
    }

    /** Other libraries have native files for this platform too, which are none of JavaCPP's business. */
    private static boolean isOfJavaCpp(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream().anyMatch(entry -> entry.getName().startsWith("org/bytedeco/"));
        }
    }
}
