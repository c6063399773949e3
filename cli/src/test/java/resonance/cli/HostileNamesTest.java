package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.report.VisibleText;

/** Names, metadata and values of options that would steer the terminal if they were printed as they are. */
class HostileNamesTest {
    private static final String HOSTILE = "x\u001b[2J\u009b31m\u202e\u2066\u200f\u007f\r\nfine";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path model;

    @SuppressWarnings("NullAway.Init")
    private Path text;

    @BeforeEach
    void name() throws IOException {
        TinyModel tiny = TinyModel.in(folder);
        model = Files.move(tiny.folder(), folder.resolve(HOSTILE));
        text = Files.move(tiny.text(), folder.resolve(HOSTILE + ".txt"));
    }

    private static void assertTame(int exitCode, String... words) throws IOException {
        for (boolean json : new boolean[] {false, true}) {
            List<String> all = new ArrayList<>(List.of(words));
            if (json) {
                all.add("--json");
            }
            CommandRun run = CommandRun.of(all.toArray(String[]::new));
            assertThat(run.exitCode()).as(all + run.err()).isEqualTo(exitCode);
            for (String shown : List.of(run.out(), run.err())) {
                assertThat(VisibleText.of(shown)).as(all.toString()).isEqualTo(shown);
                assertThat(shown.lines()).as(all.toString()).noneMatch(line -> line.startsWith("fine"));
            }
            if (json && exitCode == 0) {
                new ObjectMapper().readTree(run.out());
            }
        }
    }

    @Test
    void nothingInNamesAndMetadataReachesTheTerminalAsItIs() throws IOException {
        String out = folder.resolve("out" + HOSTILE).toString();
        String precision = "--precision=float32";
        assertTame(0, "rope", model.toString());
        assertTame(0, "lint", model.toString());
        assertTame(0, "generate", model.toString(), "--prompt", HOSTILE, "--max-tokens=3", precision);
        assertTame(
                0,
                "perplexity",
                model.toString(),
                text.toString(),
                "--tokens=64",
                "--lengths=16",
                "--compare=none",
                "--out=" + out,
                precision);
        assertTame(0, "report", out);
        assertTame(
                0,
                "passkey",
                model.toString(),
                "--lengths=200",
                "--depths=1",
                "--trials=1",
                "--compare=none",
                "--out=" + out + "passkey",
                precision);
        assertTame(0, "posgen", "generate", "--train=1", "--validation=1", "--test=1", "--out=" + out + "data");
        Path gguf = folder.resolve("hostile.gguf");
        ModelFiles.gguf().putString("general.name", HOSTILE).write(gguf);
        assertTame(0, "rope", gguf.toString());
        CommandRun export = CommandRun.of("export", gguf.toString(), out + ".gguf", "--scaling=yarn", "--factor=2");
        assertThat(export.exitCode()).as(export.err()).isZero();
        assertThat(VisibleText.of(export.out())).isEqualTo(export.out());
    }

    @Test
    void nothingInValuesOfOptionsDoes() throws IOException {
        for (String command : List.of(
                "perplexity",
                "passkey",
                "evaluate",
                "generate",
                "rope",
                "lint",
                "report",
                "pretrain",
                "finetune",
                "export")) {
            assertTame(2, command, folder.resolve("missing" + HOSTILE).toString(), "--" + HOSTILE);
            assertTame(2, command, "--out=" + HOSTILE, "--factor=" + HOSTILE, "--engine=" + HOSTILE, HOSTILE);
        }
        assertTame(2, "rope", "--base=" + HOSTILE);
        assertTame(2, "rope", "--scaling=" + HOSTILE);
        assertTame(2, HOSTILE);
        assertTame(2, "posgen", "compare", "--tasks=" + HOSTILE);
        assertTame(2, "pretrain", text + HOSTILE, "--out=" + folder.resolve("model"));
        assertTame(2, "lint", folder.resolve(HOSTILE + "missing").toString());
    }
}
