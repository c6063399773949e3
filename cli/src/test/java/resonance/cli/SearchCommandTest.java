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

class SearchCommandTest extends WithLongerModel {
    SearchCommandTest() {
        super("search", "--evaluations 12", "--tokens 1200");
    }

    @Test
    void findsWritesAndSaysHowToServe() throws IOException {
        Path study = folder.resolve("study");
        Path out = folder.resolve("long");
        CommandRun run = CommandRun.of(command(study) + " --objective perplexity --out " + out);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("Settings: --length 600 --text " + tiny.text())
                .contains("From 32 to 600 tokens: ")
                .contains(" scalings made by hand, then at most 12 proposals, each evaluated on ")
                .contains(", YaRN, factor 18.75 / screening: loss ");
        assertThat(run.out())
                .contains(" to 600 tokens; trained length 32" + LINE)
                .contains("On what nothing was chosen by")
                .contains("Report: " + study.resolve("report.html"))
                .contains("Serve with vLLM: vllm serve " + out + LINE);
        assertThat(Files.readString(study.resolve("report.html"))).contains("Divisors by pair");
        assertThat(Files.readString(out.resolve("config.json"))).contains("\"longrope\"");

        CommandRun again = CommandRun.of(command(study) + " --objective perplexity --force --out " + out);
        assertThat(again.out()).isEqualTo(run.out());
        assertThat(again.err()).contains("; nothing to run." + LINE);
        CommandRun shown = CommandRun.of("report " + study);
        assertThat(run.out()).startsWith(shown.out());
    }

    @Test
    void theCommandThatIsToldWritesTheBestFactors() throws IOException {
        CommandRun run = CommandRun.of(command(folder.resolve("study")) + " --json --resonance --periods p16");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode best = new ObjectMapper().readTree(run.out()).get("best");
        Path out = folder.resolve("told");
        String told = run.err().replaceAll("\\s+", " ");
        told = told.substring(told.indexOf("./resonance export ") + "./resonance ".length())
                .replace(" OUT ", " " + out + " ")
                .strip();
        CommandRun export = CommandRun.of(told);
        assertThat(export.exitCode()).as(told + LINE + export.err()).isZero();
        JsonNode written =
                new ObjectMapper().readTree(out.resolve("config.json").toFile()).get("rope_scaling");
        assertThat(written.get("attention_factor").doubleValue())
                .isEqualTo(best.get("attentionFactor").doubleValue());
        assertThat(told).contains("--resonance --periods p16").contains(" --scaling ");
    }

    @Test
    void scriptsReadTheBestEveryEvaluationAndHeldOutComparisons() throws IOException {
        CommandRun run = CommandRun.of(command(folder.resolve("study")) + " --space parameters --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode document = new ObjectMapper().readTree(run.out());
        assertThat(document.get("best").get("divisors").size()).isPositive();
        assertThat(document.get("best").get("attentionFactor").isNumber()).isTrue();
        assertThat(document.get("evaluations")).hasSizeGreaterThan(12);
        assertThat(document.get("evaluations").get(0).get("objective").isNumber())
                .isTrue();
        assertThat(document.get("heldOut").get(0).get("verdict").isTextual()).isTrue();
        assertThat(document.get("plan").get("space").textValue()).isEqualTo("parameters");
    }

    @Test
    void aBudgetThatIsTooSmallIsToldAndNothingIsWritten() {
        Path out = folder.resolve("long");
        CommandRun run = CommandRun.of(command(folder.resolve("study")) + " --budget 0.000001s --out " + out);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("Nothing is found: the budget of 0.000001 s ended before a scaling was evaluated.");
        assertThat(run.err().lines()).last().isEqualTo("Nothing is written to " + out + ", since nothing is found.");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--length 32|--length must be more than the 32 tokens that the model reads, was 32; it needs no extension",
                "--length 600 --objective loss|--objective 'loss' is unknown; known: needles, perplexity",
                "--length 600 --space bases|--space 'bases' is unknown; known: divisors, parameters",
                "--length 600 --evaluations -1|--evaluations must be from 0 to 100000, was -1; leave it out for its default",
                "--length 600 --tokens 2147483647|--tokens must be at most 256 times the length, 153600, was 2147483647; leave"
                        + " it out for its default",
                "--length 600 --tokens 0|--tokens must be at least 1, was 0; leave it out for its default",
                "--length 600 --seed -1|--seed must be from 0 to 1073741824, was -1; leave it out for its default",
                "--length 600 --periods p16|--periods must go with --resonance, was 'p16'; give both",
                "--length 600 --force|--force must go with --out, was given without; leave it out",
                "''|--length must be given with a MODEL, was left out; it is the number of tokens that the model shall read",
            })
    void whatCannotBeDoneIsRefusedBeforeAnythingIsMeasured(String options, String line) {
        assertThat(refused(options)).isEqualTo(line);
    }
}
