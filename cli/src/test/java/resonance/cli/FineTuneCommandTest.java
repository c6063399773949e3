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

class FineTuneCommandTest extends WithTinyModel {
    private static final String QUICK =
            " --factor 4 --resonance --steps 4 --batch 2 --threads 1 --precision float32 --validation-tokens 300";

    private String command(String data) {
        return "finetune " + tiny.folder() + " " + data + QUICK + " --out " + folder.resolve("out");
    }

    @Test
    void trainsShowsItAndWritesAModelThatPerplexityReadsWithItsEncoding() throws IOException {
        Path out = folder.resolve("out");
        CommandRun run = CommandRun.of(command(tiny.text().toString()));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith(out + ": ")
                .contains("perplexity on held-out text in windows of 32 tokens: ")
                .contains("perplexity on held-out text in windows of 128 tokens: ");
        assertThat(run.err())
                .contains("Encoding: resonance-yarn, 32 -> 128 tokens; 4 steps of 2 windows of 128 tokens, positions"
                        + " long")
                .contains("1 document in 1 file")
                .contains("before training: held-out loss ")
                .contains("step 1: validation loss ")
                .contains("trained: held-out loss ");
        CommandRun shown = CommandRun.of("rope " + out + " --json");
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("longrope");
        CommandRun measured = CommandRun.of("perplexity " + out + " " + tiny.text()
                + " --lengths 128 --tokens 256 --compare model --out " + folder.resolve("perplexity"));
        assertThat(measured.exitCode()).as(measured.err()).isZero();
    }

    @Test
    void jsonIsTheTrainingRecord() throws IOException {
        CommandRun run = CommandRun.of(command(tiny.text().toString()) + " --json --preset pose --window 16");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json)
                .isEqualTo(new ObjectMapper()
                        .readTree(folder.resolve("out/training.json").toFile()));
        assertThat(json.at("/settings/positions").asText()).isEqualTo("skip-wise");
        assertThat(json.at("/settings/window").asText()).isEqualTo("16");
        assertThat(json.at("/settings/steps").asText()).isEqualTo("4");
        assertThat(json.at("/settings/weightDecay").asText()).isEqualTo("0");
        assertThat(json.at("/after/1/length").asInt()).isEqualTo(128);
    }

    @Test
    void rowsOfJsonAreDocumentsAndBadOnesAreToldByTheirLine() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            rows.append("{\"body\": \"")
                    .append(TinyModel.text(120).replace("\n", "\\n"))
                    .append("\"}\n");
        }
        Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
        CommandRun run = CommandRun.of(command(folder.toString()) + " --field body");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("20 documents in 1 file");
        assertThat(CommandRun.of(command(file.toString()) + " --force").err())
                .endsWith(
                        file + ":1: --field 'text' must hold text, was missing among body; name the field that holds it"
                                + System.lineSeparator());
        Files.writeString(file, rows + "{\"body\": \n");
        assertThat(CommandRun.of(command(file.toString()) + " --force --field body")
                        .err())
                .endsWith(file + ":21: row must be a JSON object, was {\"body\":; correct or remove the line"
                        + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--steps 0|--steps must be from 1 to 1000000000, was 0; leave it out for its default",
                "--window 1|--window must be at least 2 tokens, was 1; leave it out for its default",
                "--window 129|--window must be at most --length (128) tokens, was 129; leave it out for its default",
                "--positions far|--positions 'far' is unknown; known: long, skip-wise",
                "--preset quick|--preset 'quick' is unknown; known: paper-long, paper-short, pose",
                "--schedule step|--schedule 'step' is unknown; known: constant, linear, cosine",
                "--clip -1|--clip must be above 0 and finite, was -1; leave it out for its default",
                "--validation-share 1|--validation-share must be above 0 and below 1, was 1; leave it out for its"
                        + " default",
                "--lora 0|--lora must be at least 1, was 0; leave it out for its default",
                "--alpha 8|--alpha must go with --lora, was 8; give --lora 16, or leave it out",
                "--adapter apart|--adapter must go with --lora, was apart; give --lora 16, or leave it out",
                "--lora 8 --targets q_proj,x|--targets 'x' is unknown; known: q_proj, k_proj, v_proj, o_proj,"
                        + " gate_proj, up_proj, down_proj",
                "--lora 8 --adapter near|--adapter 'near' is unknown; known: merged, apart",
                "--recompute maybe|--recompute 'maybe' is unknown; known: auto, on, off",
                "--mlflow here|--mlflow must be the address of a tracking server, was 'here'; for example"
                        + " http://127.0.0.1:5000",
                "--on-top --replace|--on-top must go without --replace, was given with it; leave one of them out",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) {
        CommandRun run = CommandRun.of("finetune " + tiny.folder() + " " + tiny.text()
                + " --factor 4 --precision float32" + " --out " + folder.resolve("out") + " " + options);
        assertThat(run).isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aModelOfOnesOwnWantsTexts() {
        assertThat(CommandRun.of("finetune " + tiny.folder()))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "TEXT must be given for a model of your own, were left out; name text files to train on"
                                + System.lineSeparator()));
    }
}
