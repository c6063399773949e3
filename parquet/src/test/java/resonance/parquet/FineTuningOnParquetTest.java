package resonance.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.cli.ResonanceCli;
import resonance.language.corpus.Document;

/** The command on rows of a Parquet file. */
class FineTuningOnParquetTest {
    private static final Path ROWS = Path.of("src/test/resources/documents/snappy.parquet");

    private final Path folder;
    private final StringWriter err = new StringWriter();

    FineTuningOnParquetTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private int tune(Path file, String field, Path out) {
        return ResonanceCli.execute(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                ("finetune ../shipped/model " + file + " --field " + field + " --out " + out
                                + " --scaling yarn --factor 4 --positions skip-wise --window 8 --steps 1 --batch 1"
                                + " --validation-share 0.2 --precision float32 --threads 1")
                        .split(" "));
    }

    @Test
    void textTrainsAsTheSameTextInJsonl() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Document row : Document.read(ROWS, "text").documents()) {
            lines.append(new ObjectMapper().writeValueAsString(Map.of("text", ((Document.Text) row).text())))
                    .append('\n');
        }
        Path json = Files.writeString(folder.resolve("rows.jsonl"), lines);
        assertThat(tune(ROWS, "text", folder.resolve("parquet")))
                .as(err.toString())
                .isZero();
        assertThat(tune(json, "text", folder.resolve("jsonl")))
                .as(err.toString())
                .isZero();
        assertThat(folder.resolve("parquet/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("jsonl/model.safetensors"));
        assertThat(folder.resolve("parquet/training.json")).content().contains("\"snappy.parquet\"");
    }

    @Test
    void tokenIdsOfAnotherTokenizerAreRefusedByRow() {
        assertThat(tune(ROWS, "input_ids", folder.resolve("out"))).isEqualTo(2);
        assertThat(err.toString())
                .contains("snappy.parquet row 3 token ids must be in [0, ")
                .contains(
                        ", the model's vocabulary, found 49151; give text, or ids that the model's own tokenizer made");
    }

    @Test
    void tokenIdsAreTakenAsTheyAreAndShown() {
        Path rows = Path.of("src/test/resources/documents/few-ids.parquet");
        assertThat(tune(rows, "input_ids", folder.resolve("out")))
                .as(err.toString())
                .isZero();
        assertThat(err.toString())
                .contains("few-ids.parquet row 1: token ids are taken as they are; by this model's tokenizer they begin"
                        + " with \"");
    }
}
