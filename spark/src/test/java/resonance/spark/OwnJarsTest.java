package resonance.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.WorkerException;

class OwnJarsTest {
    private final Path folder;

    OwnJarsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path jar(String name, String classPath) throws IOException {
        Path jar = folder.resolve(name);
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Name.CLASS_PATH, classPath);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private static List<String> sent(Path... classPath) {
        return OwnJars.of(Stream.of(classPath).map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }

    @Test
    void jarsAndThoseThatTheirManifestsNameAreSentOnce() throws IOException {
        Path named = jar("a folder/lib/named.jar", "");
        Path ours = jar("a folder/ours.jar", "lib/named.jar lib/absent.jar");
        Path other = jar("other.jar", "");
        Path classes = Files.createDirectory(folder.resolve("classes"));
        assertThat(sent(ours, classes, folder.resolve("absent.jar"), named, other))
                .containsExactly(
                        ours.toUri().toString(),
                        named.toUri().toString(),
                        other.toUri().toString());
    }

    @Test
    void whatLiesWhereSparkDoesStaysThere() throws IOException, URISyntaxException {
        Path ours = jar("ours.jar", "");
        Path sparks = Path.of(SparkContext.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        assertThat(sent(sparks, ours)).containsExactly(ours.toUri().toString());
    }

    /** Hadoop's, for one, which a command loads for a store and Spark has as well. */
    @Test
    void whatSparkHasByThatNameIsNotSentEither() throws IOException, URISyntaxException {
        Path sparks = Path.of(SparkContext.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path same = jar("lib/" + sparks.getFileName(), "");
        Path ours = jar("ours.jar", "lib/" + sparks.getFileName());
        assertThat(sent(ours, same)).containsExactly(ours.toUri().toString());
    }

    @Test
    void aJarThatIsNoneIsRefused() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");
        assertThatThrownBy(() -> sent(broken))
                .isInstanceOf(WorkerException.class)
                .hasMessage(broken + " must be a jar that can be read, is not; build again");
    }
}
