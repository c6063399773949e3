package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.study.FolderLock;

/**
 * No command replaces a file that it did not write itself: it is refused by name, before any work, or kept aside where it is
 * derived from a study's records.
 */
class UsersFilesTest {
    private final Path out;
    private final TinyModel tiny;

    UsersFilesTest(@TempDir Path folder) throws IOException {
        this.out = folder.resolve("out");
        this.tiny = TinyModel.in(Files.createDirectory(folder.resolve("model")));
    }

    private String command(String name) {
        return switch (name) {
            case "perplexity" ->
                "perplexity " + tiny.folder() + " " + tiny.text() + " --tokens 300 --lengths 32 --compare none --out "
                        + out;
            case "passkey" ->
                "passkey " + tiny.folder() + " --lengths 256 --depths 1 --trials 1 --compare none --out " + out;
            default -> PosgenCompareCommandTest.TINY + " --seeds 1 --out " + out;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "perplexity, report.html",
        "perplexity, perplexity.json",
        "passkey, report.html",
        "passkey, passkey.json",
        "posgen-compare, report.html",
        "posgen-compare, comparison.json",
    })
    void aStudyDoesNotReplaceAReportOfTheUsers(String name, String file) throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve(file), "mine");
        assertThat(CommandRun.of(command(name)))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--out " + out + ": " + file + " must be a file that " + name
                                + " wrote, is none; move it away or" + " choose another --out"
                                + System.lineSeparator()));
        assertThat(out.resolve(file)).hasContent("mine");
        try (Stream<Path> entries = Files.list(out)) {
            assertThat(entries).containsExactly(out.resolve(file));
        }
    }

    @Test
    void aStudyDoesNotReplaceAReportOfAnotherCommand() throws IOException {
        CommandRun first = CommandRun.of(command("perplexity"));
        assertThat(first.exitCode()).as(first.err()).isZero();
        String page = Files.readString(out.resolve("report.html"));
        CommandRun run = CommandRun.of(command("passkey"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("--out " + out
                        + ": report.html must be a file that passkey wrote, is one of perplexity; move it"
                        + " away or choose another --out" + System.lineSeparator());
        assertThat(out.resolve("report.html")).hasContent(page);
    }

    /** Derived files stop no study, and nothing that somebody wrote into one is lost. */
    @ParameterizedTest
    @CsvSource({
        "perplexity, report.html",
        "perplexity, perplexity.json",
        "passkey, passkey.json",
        "posgen-compare, comparison.json",
    })
    void aDerivedFileThatTheUserChangedIsKeptAsideAndWrittenAnew(String name, String file) throws IOException {
        CommandRun first = CommandRun.of(command(name));
        assertThat(first.exitCode()).as(first.err()).isZero();
        String written = Files.readString(out.resolve(file));
        for (String kept : List.of(file + ".changed", file + ".changed-2")) {
            Files.writeString(out.resolve(file), written + kept);
            CommandRun again = CommandRun.of(command(name));
            assertThat(again.exitCode()).isZero();
            assertThat(again.out()).isEqualTo(first.out());
            assertThat(again.err().lines())
                    .contains("Note: " + out + ": " + file + " must be as " + name
                            + " wrote it, was changed since; it is kept as " + kept + " and written anew");
            assertThat(out.resolve(file)).hasContent(written);
            assertThat(out.resolve(kept)).hasContent(written + kept);
        }
        assertThat(CommandRun.of(command(name)).err()).doesNotContain("Note: " + out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{"})
    void aStudyWhoseRecordOfFilesIsLostGoesOn(String record) throws IOException {
        CommandRun first = CommandRun.of(command("perplexity"));
        assertThat(first.exitCode()).as(first.err()).isZero();
        Path files = out.resolve(".resonance-files.json");
        if (record.isEmpty()) {
            Files.delete(files);
        } else {
            Files.writeString(files, record);
        }
        CommandRun again = CommandRun.of(command("perplexity"));
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(out.resolve("report.html.changed")).hasSameBinaryContentAs(out.resolve("report.html"));
    }

    /** It would mean the current folder. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "perplexity --out=|--out|resonance perplexity",
                "passkey --out=|--out|resonance passkey",
                "posgen compare --out=|--out|resonance posgen compare",
                "posgen generate --out=|--out|resonance posgen generate",
                "pretrain a.txt --out=|--out|resonance pretrain",
                "finetune --out=|--out|resonance finetune",
            })
    void anEmptyPathIsRefusedByEveryCommand(String command, String option, String name) {
        assertThat(CommandRun.of(command))
                .isEqualTo(new CommandRun(
                        2, "", option + " must be a path, was ''; see '" + name + " --help'" + System.lineSeparator()));
    }

    @ParameterizedTest
    @CsvSource({"report,DIR", "lint,MODEL", "rope,MODEL", "perplexity,MODEL", "generate,MODEL"})
    void anEmptyParameterIsRefusedByItsName(String command, String parameter) {
        CommandRun run = CommandRun.of(command + " ");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(parameter + " must be a path, was ''; see 'resonance " + command + " --help'"
                        + System.lineSeparator());
    }

    @Test
    void generatedDataThatTheUserChangedIsTheUsers() throws IOException {
        String generate =
                "posgen generate --train 20 --validation 5 --test 5 --train-length 16 --test-length 32 --out " + out;
        CommandRun first = CommandRun.of(generate);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(CommandRun.of(generate)).isEqualTo(first);
        Path data = out.resolve("test.txt");
        Files.writeString(data, Files.readString(data).replace('1', '2'));
        String changed = Files.readString(data);
        assertThat(CommandRun.of(generate))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--out must hold its data as it was written, was " + out + ", where test.txt was changed since;"
                                + " move it away or choose another folder" + System.lineSeparator()));
        assertThat(data).hasContent(changed);
        FolderLock lock = FolderLock.take(out);
        try (lock) {
            CommandRun second = CommandRun.of(generate);
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err()).startsWith("output " + out + " must be free, process ");
        }
    }
}
