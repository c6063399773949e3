package resonance.spark;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;
import resonance.study.WorkerException;

/** The jars that processes of a cluster need beside Spark's own, which they have. */
final class OwnJars {
    private OwnJars() {}

    /** The jars of a class path and those that their manifests name, but for what lies where Spark does, by its name. */
    static List<String> of(String classPath) {
        Set<Path> jars = new LinkedHashSet<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath().normalize();
            if (entry.endsWith(".jar") && Files.isRegularFile(path)) {
                jars.add(path);
                jars.addAll(named(path));
            }
        }
        Path sparks = folderOfSpark();
        return jars.stream()
                .filter(jar -> !Files.exists(sparks.resolve(jar.getFileName())))
                .map(jar -> jar.toUri().toString())
                .toList();
    }

    private static List<Path> named(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            @Nullable Manifest manifest = file.getManifest();
            @Nullable
            String names =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            List<Path> named = new ArrayList<>();
            for (String name : names == null ? new String[0] : names.strip().split("\\s+", -1)) {
                Path path = Path.of(jar.toUri().resolve(URI.create(name)));
                if (Files.isRegularFile(path)) {
                    named.add(path);
                }
            }
            return named;
        } catch (IOException e) {
            throw new WorkerException(jar + " must be a jar that can be read, is not; build again");
        }
    }

    private static Path folderOfSpark() {
        try {
            Path jar = Path.of(SparkContext.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.toAbsolutePath().normalize().resolveSibling("");
        } catch (URISyntaxException noPath) {
            throw new WorkerException("Spark must come from a jar in a folder, does not; start by ./resonance");
        }
    }
}
