package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtendCommandTest extends WithLongerModel {
    ExtendCommandTest() {
        super("extend");
    }

    @Test
    void choosesWritesAndSaysHowToServeAndTrainOn() throws IOException {
        Path study = folder.resolve("study");
        Path out = folder.resolve("long");
        CommandRun run = CommandRun.of(command(study) + " --out " + out);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("Settings: --length 600 --text " + tiny.text())
                .contains("From 32 to 600 tokens: ")
                .contains(", none / factor 1 / within 1: perplexity ")
                .containsPattern("; by this a candidate takes about \\d+:\\d\\d for a piece of text at 600 tokens");
        assertThat(run.out())
                .contains(" to 600 tokens; trained length 32" + LINE)
                .contains("Rung 1: ")
                .contains("On text that nothing was chosen by")
                .contains(" is taken: ")
                .contains("Report: " + study.resolve("report.html"))
                .contains("  max_position_embeddings = 600" + LINE)
                .contains("Serve with vLLM: vllm serve " + out + LINE)
                .contains("Serve with transformers: AutoModelForCausalLM.from_pretrained(\"" + out + "\")" + LINE)
                .contains("  base_model: " + out + LINE + "  sequence_len: 600" + LINE)
                .contains("  model_name_or_path: " + out + LINE + "  cutoff_len: 600" + LINE);
        assertThat(Files.readString(study.resolve("report.html"))).contains("Perplexity by position");
        assertThat(Files.readString(out.resolve("config.json"))).contains("\"longrope\"");

        CommandRun again = CommandRun.of(command(study) + " --out " + out + " --force");
        assertThat(again.out()).isEqualTo(run.out());
        assertThat(again.err()).contains("; nothing to run." + LINE);
        assertThat(CommandRun.of("report " + study).out()).isEqualTo(withoutExport(run.out()));
    }

    private static String withoutExport(String out) {
        return out.substring(0, out.indexOf(LINE, out.indexOf("Report: ")) + LINE.length());
    }

    @Test
    void theFileHasThePerplexityThatWasTold() throws IOException {
        Path study = folder.resolve("study");
        Path out = folder.resolve("long");
        JsonNode told = new ObjectMapper()
                .readTree(CommandRun.of(command(study) + " --json --out " + out).out());
        JsonNode chosen = told.get("chosen");
        double promised = 0;
        for (JsonNode candidate : told.get("candidates")) {
            if (candidate.get("encoding").equals(chosen.get("encoding"))
                    && candidate.get("factor").equals(chosen.get("factor"))) {
                promised = candidate.get("perplexity").doubleValue();
            }
        }
        // The first piece to choose by is the beginning of the text; the last rung read more, so the two are near, not
        // equal.
        CommandRun measured = CommandRun.of("perplexity " + out + " " + tiny.text() + " --lengths 600 --compare model"
                + " --precision float32 --threads 1 --json --out " + folder.resolve("measured"));
        double perplexity = new ObjectMapper()
                .readTree(measured.out())
                .get("results")
                .get(0)
                .get("perplexity")
                .doubleValue();
        assertThat(perplexity / promised).isBetween(0.98, 1.02);
    }

    @Test
    void jsonHasTheKeysThatScriptsRelyOn() throws IOException {
        CommandRun run = CommandRun.of(command(folder.resolve("study")) + " --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode document = new ObjectMapper().readTree(run.out());
        assertThat(document.get("length").intValue()).isEqualTo(600);
        assertThat(document.get("chosen").get("encoding").isTextual()).isTrue();
        assertThat(document.get("chosen").get("factor").isNumber()).isTrue();
        JsonNode first = document.get("candidates").get(0);
        assertThat(first.fieldNames())
                .toIterable()
                .contains("encoding", "factor", "perplexity", "withinTrained", "needleLoss", "tokensScored", "dropped");
        assertThat(first.get("encoding").textValue()).isEqualTo("none");
        assertThat(first.get("withinTrained").doubleValue()).isPositive();
        assertThat(run.err())
                .contains("In config.json: {\"")
                .contains("\"max_position_embeddings\":600")
                .contains("To write it: ./resonance export " + tiny.folder() + " OUT --scaling ");
    }

    @Test
    void theCommandThatIsToldSaysWhatWasSaidOfTheModelAndAStudyStandsBesideNoOther() {
        Path study = folder.resolve("study");
        CommandRun run = CommandRun.of(command(study) + " --trained-length 32");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err().replaceAll("\\s+", " ")).contains(" --trained-length 32 ");
        assertThat(run.out().lines().filter(line -> line.startsWith("To write it: ")))
                .singleElement()
                .asString()
                .contains(" --trained-length 32 ")
                .endsWith(" --length 600");

        CommandRun beside = CommandRun.of("report " + study + " --baseline yarn");
        assertThat(beside.exitCode()).isEqualTo(2);
        assertThat(beside.err())
                .isEqualTo("DIR must hold studies of perplexity, passkey, evaluate or posgen compare, " + study
                        + " holds another; show it alone" + LINE);
    }

    @Test
    void aBudgetThatIsTooSmallIsToldAndNothingIsWritten() {
        Path out = folder.resolve("long");
        CommandRun run = CommandRun.of(command(folder.resolve("study")) + " --budget 0.000001s --out " + out);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("Nothing is chosen: the budget of 0.000001 s ended before two candidates were measured;");
        assertThat(run.err().lines()).last().isEqualTo("Nothing is written to " + out + ", since nothing is chosen.");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--length 32|--length must be more than the 32 tokens that the model reads, was 32; it needs no extension",
                "--length 1|--length must be at least 2 tokens, was 1; leave it out for its default",
                "--length 100000|--text must hold at least two windows of --length 100000 tokens, one to choose by and one to"
                        + " report on, held TOKENS tokens; give more text, or a smaller --length",
                "--length 600 --budget soon|--budget must be a time such as 90s, 5m or 1h, was 'soon'; 5m will do",
                "--length 600 --force|--force must go with --out, was given without; leave it out",
                "''|--length must be given with a MODEL, was left out; it is the number of tokens that the model shall read",
            })
    void whatCannotBeDoneIsRefusedBeforeAnythingIsMeasured(String options, String line) {
        assertThat(refused(options).replaceFirst("held \\d+", "held TOKENS")).isEqualTo(line);
    }
}
