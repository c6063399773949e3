package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The launcher in a repository of its own, with programs in place of the JDK and Maven that print what they were given. */
class LauncherTest {
    private static final List<String> MODULES = modulesOfTheCommandLine();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    private record Start(int exitCode, String out, String err) {
        List<String> words() {
            return out.lines().toList();
        }
    }

    private static List<String> modulesOfTheCommandLine() {
        try {
            return Pattern.compile("<module>(.*)</module>")
                    .matcher(Files.readString(Path.of("..", "pom.xml")))
                    .results()
                    .map(module -> module.group(1))
                    .filter(module -> !module.equals("benchmarks"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void repository() throws IOException {
        Path home = Files.createDirectories(folder.resolve("a repository"));
        Path launcher = Files.copy(Path.of("..", "resonance"), home.resolve("resonance"));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("pom.xml"), "");
        for (String module : MODULES) {
            Files.createDirectories(home.resolve(module).resolve("src"));
            Files.writeString(home.resolve(module).resolve("src/Source.java"), "");
        }
        jdk("jdk", "17.0.15");
        program(
                "bin/mvn",
                "echo \"mvn $*\" >> \"$LOG\"; mkdir -p cli/target/lib; [ -z \"${BROKEN:-}\" ] || { echo broken; exit 1; };"
                        // Like the real one, it leaves a jar alone whose bytes would not change.
                        + " [ -f cli/target/resonance.jar ] || touch cli/target/resonance.jar");
        environment.put("JAVA_HOME", folder.resolve("jdk").toString());
        environment.put("LOG", folder.resolve("log").toString());
        environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    }

    @Test
    void buildsOnFirstUseAndNotAgain() throws IOException, InterruptedException {
        Start first = start("rope", "--json");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.err()).isEqualTo("""
                        resonance: building for the first use (about a minute, and a few more if Maven must download 300 MB)
                        resonance: built
                        """);
        assertThat(first.words()).endsWith("resonance.cli.ResonanceCli", "rope", "--json");
        assertThat(builds()).hasSize(1);
        assertThat(start("rope").err()).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void buildsAgainIfASourceIsNewer(String module) throws IOException, InterruptedException {
        start("rope");
        Path source = home().resolve(module).resolve("src/Source.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(start("rope").err()).isEqualTo("""
                        resonance: sources are newer than the build, building again (about a minute)
                        resonance: built
                        """);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(start("rope").err()).isEmpty();
        assertThat(builds()).hasSize(2);
    }

    @Test
    void aFailedBuildIsShownAndTriedAgain() throws IOException, InterruptedException {
        environment.put("BROKEN", "yes");
        Start broken = start("rope");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.out()).isEmpty();
        assertThat(broken.err())
                .endsWith("broken\nresonance: the build must succeed, failed as above; the whole log is "
                        + home().toRealPath().resolve("cli/target/launcher.log") + "\n");
        environment.remove("BROKEN");
        assertThat(start("rope").exitCode()).isZero();
        assertThat(builds()).hasSize(2);
    }

    @Test
    void aLockLeftByADeadStartIsRemoved() throws IOException, InterruptedException {
        Path lock = Files.createDirectories(home().resolve("cli/target/launcher.lock"));
        Files.writeString(lock.resolve("pid"), "999999999\n");
        assertThat(start("rope").exitCode()).isZero();
        assertThat(lock).doesNotExist();
    }

    @Test
    void takesTheFirstJdkThatIsNewEnough() throws IOException, InterruptedException {
        jdk("old", "11.0.2");
        jdk("new/jdk", "21.0.1");
        Files.createSymbolicLink(folder.resolve("bin/java"), folder.resolve("new/jdk/bin/java"));
        environment.put("JAVA_HOME", folder.resolve("old").toString());
        assertThat(start("rope").words()).startsWith("java of 21.0.1");
    }

    @Test
    void allowsNativeAccessWhereTheJvmWouldWarn() throws IOException, InterruptedException {
        assertThat(start("rope").words()).doesNotContain("--enable-native-access=ALL-UNNAMED");
        jdk("jdk", "25");
        assertThat(start("rope").words()).contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void passesOptionsOfTheUserOn() throws IOException, InterruptedException {
        environment.put("RESONANCE_JAVA_OPTS", "-Xmx1g -Dx=y");
        environment.put("RESONANCE_CLASSPATH", "/cuda.jar");
        environment.put("OPENBLAS_NUM_THREADS", "3");
        environment.put("OPENBLAS_CORETYPE", "Haswell");
        List<String> words = start("posgen", "two words").words();
        assertThat(words)
                .contains("-Xmx1g", "-Dx=y", "/cuda.jar:" + home().toRealPath().resolve("cli/target/resonance.jar"))
                .contains("OPENBLAS_NUM_THREADS=3", "OPENBLAS_CORETYPE=Haswell")
                .endsWith("posgen", "two words");
    }

    @Test
    void givesOpenBlasOneThread() throws IOException, InterruptedException {
        assertThat(start("rope").words()).contains("OPENBLAS_NUM_THREADS=1");
    }

    /** On a machine with AVX-512 of one vendor the launcher used to name kernels. */
    @Test
    void namesNoKernelsOfOpenBlas() throws IOException, InterruptedException {
        assertThat(start("rope").words()).contains("OPENBLAS_CORETYPE=");
    }

    @Test
    void runsThroughASymbolicLinkFromAnyFolder() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("bin/resonance-link"), home().resolve("resonance"));
        ProcessBuilder process = new ProcessBuilder(link.toString(), "rope").directory(folder.toFile());
        assertThat(run(process).words())
                .contains("-Dresonance.home=" + home().toRealPath())
                .endsWith("rope");
    }

    @Test
    void saysThatMavenIsMissing() throws IOException, InterruptedException {
        Files.delete(folder.resolve("bin/mvn"));
        for (String program : List.of("head", "find", "mkdir", "rm", "cat", "dirname", "readlink")) {
            Path found = Pattern.compile(":")
                    .splitAsStream(System.getenv("PATH"))
                    .map(place -> Path.of(place, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            program("bin/" + program, "exec " + found + " \"$@\"");
        }
        environment.put("PATH", folder.resolve("bin").toString());
        assertThat(start("rope"))
                .isEqualTo(
                        new Start(
                                1,
                                "",
                                "resonance: Maven 3.8 or newer must be installed to build, found no mvn on the PATH; install it\n"));
    }

    private Path home() {
        return folder.resolve("a repository");
    }

    private void jdk(String name, String version) throws IOException {
        program(
                name + "/bin/java",
                "printf '%s\\n' 'java of " + version + "' \"OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-}\""
                        + " \"OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-}\" \"$@\"");
        program(name + "/bin/javac", "exit 1");
        Files.writeString(folder.resolve(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private void program(String name, String body) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(folder.resolve("log"));
    }

    private Start start(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder process = new ProcessBuilder("./resonance").directory(home().toFile());
        process.command().addAll(List.of(arguments));
        return run(process);
    }

    private Start run(ProcessBuilder process) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        process.environment().putAll(environment);
        for (String name : List.of("OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE")) {
            if (!environment.containsKey(name)) {
                process.environment().remove(name);
            }
        }
        Process running =
                process.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Start(running.exitValue(), Files.readString(out), Files.readString(err));
    }
}
