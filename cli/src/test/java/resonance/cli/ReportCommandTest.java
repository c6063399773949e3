package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    private final Path folder;

    ReportCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aComparisonIsShownFromItsRecordsAlone() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertIsShownAgain(run, "comparison.json");
    }

    @Test
    void aPerplexityIsShownWithoutModelAndText() throws IOException {
        Path out = folder.resolve("out");
        TinyModel tiny = TinyModel.in(Files.createDirectory(folder.resolve("model")));
        CommandRun run = CommandRun.of("perplexity " + tiny.folder() + " " + tiny.text()
                + " --tokens 300 --lengths 32 --compare none --out " + out);
        assertThat(run.exitCode()).as(run.err()).isZero();
        Path moved = Files.move(out, folder.resolve("moved"));
        CommandRun report = CommandRun.of("report " + moved);
        assertThat(report.out().replace(moved.toString(), out.toString())).isEqualTo(run.out());
        assertThat(CommandRun.of("report --json " + moved).out())
                .isEqualTo(Files.readString(moved.resolve("perplexity.json")));
    }

    private void assertIsShownAgain(CommandRun run, String document) throws IOException {
        String json = Files.readString(folder.resolve(document));
        String page = Files.readString(folder.resolve("report.html"));
        Files.delete(folder.resolve(document));
        Files.delete(folder.resolve("report.html"));
        assertThat(CommandRun.of("report " + folder)).isEqualTo(new CommandRun(0, run.out(), ""));
        assertThat(folder.resolve(document)).hasContent(json);
        assertThat(folder.resolve("report.html")).hasContent(page);
    }

    @Test
    void aFolderWithoutAStudyIsRefused() {
        assertThat(CommandRun.of("report " + folder))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "folder " + folder + " must hold a study, has no study.json; name the output folder of a study"
                                + System.lineSeparator()));
    }

    @Test
    void aStudyOfAKindThatIsNotKnownIsRefused() throws IOException {
        CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        Path description = folder.resolve("study.json");
        Files.writeString(description, Files.readString(description).replace("posgen-compare", "ruler"));
        assertThat(CommandRun.of("report " + folder))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "DIR must hold a study of passkey, perplexity, posgen-compare, holds one of ruler; use the version"
                                + " that made it" + System.lineSeparator()));
    }

    @Test
    void cellsThatAnotherBuildMadeAreSaidToBe() throws IOException {
        CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        try (var cells = Files.list(folder.resolve("cells"))) {
            for (Path cell : cells.toList()) {
                Files.writeString(
                        cell,
                        Files.readString(cell)
                                .replace("\"gitCommit\" : \"unknown\"", "\"gitCommit\" : \"0123abc\"")
                                .replaceFirst("\"processor\" : \"[^\"]*\"", "\"processor\" : \"Another CPU\""));
            }
        }
        CommandRun again = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1,2 --out " + folder);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err())
                .contains("Some of them were made by ")
                .contains("(commit 0123abc) on Another CPU; this is ")
                .contains(". Another --out starts anew.");
        assertThat(Files.readString(folder.resolve("comparison.json"))).contains("\"gitCommit\" : \"0123abc\"");
    }
}
