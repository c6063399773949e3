package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of commands whose output nobody takes. */
class UnwrittenOutputTest {
    private static final String LINE =
            "failed: standard output must take the results, was closed or full (No space left"
                    + " on device); free some space or send it elsewhere" + System.lineSeparator();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path shared;

    @SuppressWarnings("NullAway.Init")
    private static TinyModel tiny;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeAll
    static void train() throws IOException {
        tiny = TinyModel.in(shared);
        assertThat(CommandRun.of("perplexity " + tiny.folder() + " " + tiny.text() + MEASURED + shared.resolve("done"))
                        .exitCode())
                .isZero();
    }

    private static final String MEASURED = " --tokens 100 --lengths 16 --compare none --precision float32 --out ";

    private List<String> words(String command) {
        return List.of(command.replace("MODEL", tiny.folder().toString())
                .replace("TEXT", tiny.text().toString())
                .replace("DONE", shared.resolve("done").toString())
                .replace("OUT", folder.resolve("out").toString())
                .split(" ", -1));
    }

    private static CommandRun run(Writer out, List<String> words) {
        StringWriter err = new StringWriter();
        int exitCode = ResonanceCli.execute(out, new PrintWriter(err), words.toArray(String[]::new));
        return new CommandRun(exitCode, "", err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "posgen",
                "perplexity --help",
                "passkey --help",
                "generate --help",
                "export --help",
                "lint --help",
                "pretrain --help",
                "rope --help",
                "posgen generate --help",
                "posgen compare --help",
                "report --help",
                "rope",
                "rope MODEL",
                "lint MODEL",
                "report DONE",
                "perplexity MODEL TEXT" + MEASURED + "DONE",
                "passkey MODEL --lengths 200 --depths 1 --trials 1 --compare none --precision float32 --out OUT",
                "generate MODEL --prompt grass --max-tokens 3 --precision float32",
                "export MODEL OUT --scaling yarn --factor 2",
                "posgen generate --train 1 --validation 1 --test 1 --out OUT",
                PosgenCompareCommandTest.TINY + " --seeds 1 --out OUT",
                TinyModel.PRETRAIN + " --out OUT TEXT"
            })
    void aFullDestinationIsAFailureInOneLine(String command) {
        List<String> words = words(command);
        CommandRun run = run(new TerminalWriterTest.Full(0), words);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).endsWith(LINE);
        if (!command.contains("--help") && !command.contains("--version") && !command.equals("posgen")) {
            List<String> json = new ArrayList<>(words);
            json.add("--json");
            json.replaceAll(word -> word.replace(
                    folder.resolve("out").toString(), folder.resolve("json").toString()));
            CommandRun other = run(new TerminalWriterTest.Full(0), json);
            assertThat(other.exitCode()).as(other.err()).isEqualTo(1);
            assertThat(other.err()).endsWith(LINE);
        }
    }

    @Test
    void messagesThatNobodyTakesChangeNothing() {
        StringWriter out = new StringWriter();
        String[] words = words("perplexity MODEL TEXT" + MEASURED + "OUT").toArray(String[]::new);
        assertThat(ResonanceCli.execute(out, new TerminalWriterTest.Full(0), words))
                .isZero();
        assertThat(out.toString()).contains("Report: ");
    }

    @Test
    void aModelStopsWritingOnceItsReaderIsGone() throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        Process process =
                CliProcess.start("generate " + tiny.folder() + " --prompt grass --max-tokens 1000000", err, true);
        try (var reader = process.getInputStream()) {
            assertThat(reader.read()).isNotEqualTo(-1);
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(141);
        assertThat(Files.readString(err)).doesNotContain("failed").doesNotContain("\tat ");
    }

    @Test
    void aReaderThatIsGoneIsNoFailure() throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        Process process = CliProcess.start("rope --head-size 4096 --json", err, true);
        try (var reader = process.getInputStream()) {
            assertThat(new String(reader.readNBytes(1), StandardCharsets.UTF_8)).isEqualTo("{");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(141);
        assertThat(err).isEmptyFile();
    }
}
