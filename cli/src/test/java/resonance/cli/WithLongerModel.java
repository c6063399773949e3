package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of a command that takes the tiny model to 600 tokens; what all such commands refuse is tested for each. */
abstract class WithLongerModel extends WithTinyModel {
    static final String LINE = System.lineSeparator();

    private final String name;
    private final String options;

    /** @param options that it is run with besides those of all */
    WithLongerModel(String name, String... options) {
        this.name = name;
        this.options = " " + String.join(" ", options);
    }

    final String command(Path study) {
        return (name + " " + tiny.folder() + " --length 600 --text " + tiny.text()
                        + " --precision float32 --threads 1 --study " + study + options)
                .strip();
    }

    /** What is refused for options in the place of the length, in one line; the folder of the study is not made. */
    final String refused(String instead) {
        CommandRun run = CommandRun.of((name + " " + tiny.folder() + " --text " + tiny.text() + " --study "
                        + folder.resolve("unused") + " " + instead)
                .strip());
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(folder.resolve("unused")).doesNotExist();
        return run.err().lines().reduce("", (before, last) -> last);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TEXT/long|OUT must be in a folder that can be made, was TEXT/long, but TEXT can't; name another place",
                "MODEL --force|OUT must be another place than MODEL, was MODEL; an export never changes its model"
            })
    void aPlaceThatCannotBeWrittenToIsRefusedBeforeAnythingIsMeasured(String out, String line) {
        Path study = folder.resolve("study");
        CommandRun run = CommandRun.of(command(study) + " --out " + placed(out));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).last().isEqualTo(placed(line));
        assertThat(study).doesNotExist();
    }

    private String placed(String text) {
        return text.replace("TEXT", tiny.text().toString())
                .replace("than MODEL", "than M")
                .replace("MODEL", tiny.folder().toString())
                .replace("than M,", "than MODEL,");
    }

    @Test
    void anOutputThatExistsIsRefusedBeforeAnythingIsMeasured() {
        CommandRun run = CommandRun.of(command(folder.resolve("study")) + " --out " + tiny.folder());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "--out " + tiny.folder() + " must be new, exists; --force replaces an earlier export" + LINE);
    }
}
