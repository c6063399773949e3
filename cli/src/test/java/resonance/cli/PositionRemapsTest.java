package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions remapped: measured beside encodings, and refused where a file or a training must hold them. */
class PositionRemapsTest extends WithTinyModel {
    @Test
    void areMeasuredBesideEncodingsAndNotAgain() throws IOException {
        String command = "perplexity " + tiny.folder() + " " + tiny.text()
                + " --lengths 32,128 --tokens 1024 --compare none,self-extend,rerope,string --precision float32"
                + " --threads 1 --json --out " + folder;
        CommandRun first = CommandRun.of(command);
        assertThat(first.exitCode()).as(first.err()).isZero();
        JsonNode document = new ObjectMapper().readTree(first.out());
        List<String> encodings = new ArrayList<>();
        document.findValuesAsText("encoding").forEach(encodings::add);
        assertThat(encodings).contains("none", "self-extend", "rerope", "string");
        CommandRun again = CommandRun.of(command);
        assertThat(again.err()).contains("All 8 cells are finished");
        assertThat(CommandRun.of("report " + folder).out()).contains("SelfExtend", "ReRoPE", "STRING");
    }

    @Test
    void findANumberToo() {
        CommandRun run = CommandRun.of("passkey " + tiny.folder()
                + " --lengths 600 --depths 1 --trials 1 --compare self-extend,rerope --precision float32 --threads 1 --out "
                + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("SelfExtend", "ReRoPE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export MODEL FOLDER/out --scaling rerope",
                "finetune MODEL TEXT --scaling rerope --out FOLDER/out",
                "rope MODEL --scaling rerope",
                "generate MODEL --prompt grass --encoding rerope",
            })
    void areRefusedWhereAFileOrATrainingMustHoldThem(String command) {
        String words = command.replace("MODEL", tiny.folder().toString())
                .replace("TEXT", tiny.text().toString())
                .replace("FOLDER", folder.toString());
        String option = command.startsWith("generate") ? "--encoding" : "--scaling";
        assertThat(CommandRun.of(words))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        option + " must be one that frequencies can say, was rerope, which remaps positions; it can be"
                                + " measured alone, by perplexity, passkey and evaluate" + System.lineSeparator()));
    }
}
