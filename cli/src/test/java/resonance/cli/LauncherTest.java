package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                    .filter(module ->
                            !List.of("benchmarks", "spark", "hadoop", "parquet").contains(module))
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
        program("bin/mvn", """
                        echo "mvn $*" >> "$LOG"
                        mkdir -p cli/target/lib
                        case $* in *,spark*) mkdir -p spark/target/lib; touch spark/target/resonance-spark.jar ;; esac
                        case $* in *,hadoop*) mkdir -p hadoop/target/lib; touch hadoop/target/resonance-hadoop.jar ;; esac
                        case $* in *,parquet*) mkdir -p parquet/target/lib; touch parquet/target/resonance-parquet.jar ;; esac
                        [ -z "${BROKEN:-}" ] || { echo broken; exit 1; }
                        [ -z "${SLOW:-}" ] || sleep 1
                        [ -z "${EDITED:-}" ] || { sleep 1; touch "$EDITED"; }
                        # Like the real one, it leaves a jar alone whose bytes would not change.
                        [ -f cli/target/resonance.jar ] || touch cli/target/resonance.jar
                        [ -z "${HANGING:-}" ] || { echo "$$" > hanging; exec sleep 600; }
                        """);
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

    @ParameterizedTest
    @ValueSource(strings = {"--spark=local[2]", "--spark local[2]"})
    void sparkIsBuiltAndOnTheClassPathOnlyOfWhoAsksForIt(String option) throws IOException, InterruptedException {
        String own = home().resolve("cli/target/resonance.jar").toString();
        assertThat(start("perplexity").words()).contains(own);
        Start sent = start(("perplexity " + option).split(" ", -1));
        assertThat(sent.err()).endsWith("resonance: built\n");
        assertThat(builds()).hasSize(2);
        assertThat(builds().get(0)).endsWith("-pl cli -am package");
        assertThat(builds().get(1)).endsWith("-pl cli,spark -am package");
        assertThat(sent.words()).contains(own + ":" + home().resolve("spark/target/resonance-spark.jar"));
        assertThat(start("perplexity", "--spark=local[2]").err()).isEmpty();
        assertThat(start("perplexity").words()).contains(own);
        assertThat(builds()).hasSize(2);
    }

    @Test
    void everyModuleThatIsAskedForIsBuiltAndOnTheClassPathOnce() throws IOException, InterruptedException {
        Start both = start("report", "d", "--parquet", "f", "--spark=local", "--parquet=g");
        assertThat(builds()).hasSize(1);
        assertThat(builds().get(0)).endsWith("-pl cli,parquet,spark -am package");
        assertThat(both.words())
                .contains(home().resolve("cli/target/resonance.jar") + ":"
                        + home().resolve("spark/target/resonance-spark.jar") + ":"
                        + home().resolve("parquet/target/resonance-parquet.jar"));
        assertThat(start("report", "d", "--parquet=f").err()).isEmpty();
        assertThat(start("report", "d", "--spark=local").err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "perplexity --out hdfs://host:8020/runs",
                "perplexity --out=s3a://bucket/runs",
                "report a b=hdfs://host/runs",
                "study run far.yaml"
            })
    void hadoopIsBuiltAndOnTheClassPathOnlyOfWhoNamesAStore(String command) throws IOException, InterruptedException {
        Files.writeString(home().resolve("far.yaml"), "name: far\nout: 'hdfs://host/runs'\n");
        assertThat(start(command.split(" ", -1)).words())
                .contains(home().resolve("cli/target/resonance.jar") + ":"
                        + home().resolve("hadoop/target/resonance-hadoop.jar"));
        assertThat(builds().get(0)).endsWith("-pl cli,hadoop -am package");
        assertThat(start(command.split(" ", -1)).err()).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "perplexity --spark spark://host:7077",
                "perplexity --spark=k8s://https://host:6443",
                "finetune --mlflow http://host:5000",
                "finetune --mlflow=https://host:5000",
                "report file:///runs",
                "study run near.yaml",
                "report ://a"
            })
    void whatIsNoStoreBringsNoHadoop(String command) throws IOException, InterruptedException {
        Files.writeString(home().resolve("near.yaml"), "name: near\n# out: hdfs://host/runs\n");
        start(command.split(" ", -1));
        assertThat(builds().get(0)).doesNotContain("hadoop");
    }

    @Test
    void sparkIsBuiltAgainIfOthersWereWithoutIt() throws IOException, InterruptedException {
        start("perplexity", "--spark=local");
        Files.setLastModifiedTime(
                home().resolve("study/src/Source.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(start("perplexity").err()).endsWith("resonance: built\n");
        assertThat(start("perplexity", "--spark=local").err()).endsWith("resonance: built\n");
        assertThat(start("perplexity", "--spark=local").err()).isEmpty();
        assertThat(start("perplexity").err()).isEmpty();
        assertThat(builds()).hasSize(3);
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

    /** As versions before this one left it, and as somebody could make it. */
    @ParameterizedTest
    @ValueSource(strings = {"a dead process", "no process", "a process that lives", "a file"})
    void noLockOfAnotherKindIsWaitedFor(String owner) throws IOException, InterruptedException {
        Path lock = home().resolve("cli/target/launcher.lock");
        Files.createDirectories(lock.getParent());
        if (owner.equals("a file")) {
            Files.writeString(lock, "");
        } else {
            Files.createDirectory(lock);
            if (!owner.equals("no process")) {
                long process = owner.equals("a dead process")
                        ? 999999999
                        : ProcessHandle.current().pid();
                Files.writeString(lock.resolve("pid"), process + "\n");
            }
        }
        assertThat(start("rope").exitCode()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flock", "perl"})
    void startsAtTheSameTimeBuildOnce(String locks) throws IOException, InterruptedException {
        onlyPrograms(locks);
        environment.put("SLOW", "yes");
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(process("./resonance", "rope")
                    .redirectOutput(folder.resolve("out" + i).toFile())
                    .redirectErrorStream(true)
                    .start());
        }
        for (int i = 0; i < running.size(); i++) {
            assertThat(running.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(running.get(i).exitValue())
                    .as(Files.readString(folder.resolve("out" + i)))
                    .isZero();
        }
        assertThat(builds()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flock", "perl"})
    void aKilledBuildIsMadeAgainOnceNobodyIsAtIt(String locks) throws IOException, InterruptedException {
        onlyPrograms(locks);
        environment.put("HANGING", "yes");
        Process killed = process("./resonance", "rope")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed.txt").toFile())
                .start();
        ProcessHandle maven = hangingMaven();
        String launcher = Files.readString(home().resolve(".launcher.lock")).strip();
        killed.destroyForcibly().waitFor();
        environment.remove("HANGING");
        environment.put("RESONANCE_BUILD_WAIT", "1");
        assertThat(start("rope")).isEqualTo(new Start(1, "", """
                                resonance: waiting for another start that is building
                                resonance: another start must finish building within 1 seconds, process %s is still at it; wait for it or end it
                                """.formatted(launcher)));
        maven.destroyForcibly();
        maven.onExit().join();
        Start next = start("rope");
        assertThat(next.exitCode()).as(next.err()).isZero();
        assertThat(next.err()).endsWith("resonance: built\n");
        assertThat(builds()).hasSize(2);
        assertThat(start("rope").err()).isEmpty();
    }

    @Test
    void aStartThatMayNotBuildWaitsForWhoDoesAndThenRunsWhatThereIs() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("RESONANCE_BUILD_WAIT", "1");
        lockAway(true);
        assertThat(run(asAnother("rope")))
                .isEqualTo(new Start(
                        1,
                        "",
                        "resonance: " + home().toRealPath().resolve("cli/target")
                                + " must be a folder that you can write to, to build there, is not; let its owner build,"
                                + " or clone to a folder of yours\n"));
        lockAway(false);
        assertThat(start("rope").exitCode()).isZero();
        Files.setLastModifiedTime(
                home().resolve("rope/src/Source.java"),
                FileTime.from(Instant.now().plusSeconds(1)));
        lockAway(true);
        Start old = run(asAnother("rope"));
        assertThat(old.exitCode()).as(old.err()).isZero();
        assertThat(old.err())
                .isEqualTo(
                        "resonance: sources are newer than the build, which you may not replace: running the old build\n");
        lockAway(false);
        environment.put("HANGING", "yes");
        Process builder = process("./resonance", "rope")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("builder.txt").toFile())
                .start();
        ProcessHandle maven = hangingMaven();
        lockAway(true);
        assertThat(run(asAnother("rope")).err()).startsWith("resonance: waiting for another start that is building\n");
        maven.destroyForcibly();
        builder.waitFor();
        lockAway(false);
    }

    @Test
    void aLockThatIsAFolderIsRefused() throws IOException, InterruptedException {
        Path lock = Files.createDirectory(home().resolve(".launcher.lock"));
        assertThat(start("rope"))
                .isEqualTo(new Start(
                        1, "", "resonance: " + lock.toRealPath() + " must be a file, was a folder; remove it\n"));
    }

    @Test
    void aSystemWithoutLocksIsToldSo() throws IOException, InterruptedException {
        onlyPrograms();
        assertThat(start("rope"))
                .isEqualTo(new Start(
                        1,
                        "",
                        "resonance: flock or perl must be on the PATH to build, found neither; install util-linux\n"));
    }

    @Test
    void aSourceThatChangesDuringTheBuildIsBuiltByTheNextStart() throws IOException, InterruptedException {
        environment.put("EDITED", "rope/src/Source.java");
        start("rope");
        environment.remove("EDITED");
        assertThat(start("rope").err()).endsWith("resonance: built\n");
        assertThat(start("rope").err()).isEmpty();
    }

    @Test
    void sourcesFromTheFutureAreBuiltOnce() throws IOException, InterruptedException {
        Instant future = Instant.now().plusSeconds(3600);
        Files.setLastModifiedTime(home().resolve("rope/src/Source.java"), FileTime.from(future));
        Files.setLastModifiedTime(home().resolve("cli/src/Source.java"), FileTime.from(future.plusSeconds(3600)));
        start("rope");
        assertThat(start("rope").err()).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void aJvmThatMakesNoArchiveOfClassesIsAskedOnce() throws IOException, InterruptedException {
        Path remains = home().resolve("cli/target/resonance-17.0.15.jsa.4711");
        Files.createDirectories(remains.getParent());
        Files.writeString(remains, "of a start that was killed");
        start("rope");
        start("rope");
        assertThat(folder.resolve("log.archives")).hasContent("archive");
        assertThat(remains).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "ANSI_X3.4-1968, C.UTF-8, C.UTF-8",
        "US-ASCII, en_US.UTF-8, en_US.UTF-8",
        "ANSI_X3.4-1968, xy_ZZ.utf8, xy_ZZ.utf8",
        "ANSI_X3.4-1968, none, was",
        "UTF-8, C.UTF-8, was",
        "ISO-8859-1, C.UTF-8, was",
    })
    void aLocaleOfAsciiIsReplacedByOneOfUtf8(String charmap, String known, String expected)
            throws IOException, InterruptedException {
        program(
                "bin/locale",
                "case $1/$LC_ALL in -a/*) echo POSIX; echo " + known + " ;; charmap/" + known
                        + ") echo UTF-8 ;; charmap/was) echo " + charmap + " ;; *) echo ANSI_X3.4-1968 ;; esac");
        environment.put("LC_ALL", "was");
        assertThat(start("rope").words()).contains("LC_ALL=" + expected);
    }

    @Test
    void takesTheFirstJdkThatIsNewEnough() throws IOException, InterruptedException {
        jdk("old", "11.0.2");
        jdk("new/jdk", "21.0.1");
        Files.createSymbolicLink(folder.resolve("bin/java"), folder.resolve("new/jdk/bin/java"));
        environment.put("JAVA_HOME", folder.resolve("old").toString());
        assertThat(start("rope").words()).contains("java of 21.0.1");
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
        onlyPrograms();
        assertThat(start("rope"))
                .isEqualTo(
                        new Start(
                                1,
                                "",
                                "resonance: Maven 3.8 or newer must be installed to build, found no mvn on the PATH; install it\n"));
    }

    /** Leaves these programs and the launcher's standard ones on the PATH. */
    private void onlyPrograms(String... more) throws IOException {
        List<String> programs = new ArrayList<>(List.of(
                "sh",
                "head",
                "tail",
                "find",
                "mkdir",
                "rm",
                "mv",
                "cat",
                "dirname",
                "readlink",
                "touch",
                "sleep",
                "sync"));
        programs.addAll(List.of(more));
        for (String program : programs) {
            Path found = Pattern.compile(":")
                    .splitAsStream(System.getenv("PATH"))
                    .map(place -> Path.of(place, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            program("bin/" + program, "exec " + found + " \"$@\"");
        }
        environment.put("PATH", folder.resolve("bin").toString());
    }

    /** The fake Maven once it hangs. */
    private ProcessHandle hangingMaven() throws IOException, InterruptedException {
        Path file = home().resolve("hanging");
        for (int i = 0; i < 6000 && !(Files.exists(file) && Files.size(file) > 0); i++) {
            Thread.sleep(10);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    }

    /** Takes the right to write to the clone from this user, or gives it back. */
    private void lockAway(boolean away) throws IOException {
        for (Path path : List.of(home(), home().resolve("cli"), home().resolve("cli/target"))) {
            if (Files.exists(path)) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(away ? "r-xr-xr-x" : "rwxr-xr-x"));
            }
        }
        Path lock = home().resolve(".launcher.lock");
        if (Files.exists(lock)) {
            Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString(away ? "r--r--r--" : "rw-r--r--"));
        }
    }

    /** A start for which permissions hold, which they don't for root. */
    private ProcessBuilder asAnother(String... arguments) throws IOException {
        ProcessBuilder process = process();
        if ((int) Files.getAttribute(folder, "unix:uid") == 0) {
            process.command().addAll(List.of("setpriv", "--reuid=65534", "--clear-groups"));
        }
        process.command().add("./resonance");
        process.command().addAll(List.of(arguments));
        return process;
    }

    private ProcessBuilder process(String... command) {
        ProcessBuilder process = new ProcessBuilder(new ArrayList<>(List.of(command))).directory(home().toFile());
        process.environment().putAll(environment);
        return process;
    }

    private Path home() {
        return folder.resolve("a repository");
    }

    private void jdk(String name, String version) throws IOException {
        program(
                name + "/bin/java",
                "case \"$*\" in *ArchiveClassesAtExit*) echo archive >> \"$LOG.archives\" ;; esac; printf '%s\\n' \"LC_ALL=${LC_ALL:-}\" 'java of "
                        + version + "' \"OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-}\""
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
