package resonance.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.cli.ResonanceCli;
import resonance.evaluation.observation.Column;

/** Files that the command writes, read by the library's reader. */
class ParquetObservationsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path study;
    private final Path file;

    ParquetObservationsTest(@TempDir Path folder) {
        this.study = folder.resolve("study");
        this.file = folder.resolve("out/values.parquet");
    }

    private record Run(int exitCode, String out, String err) {}

    private static Run run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = ResonanceCli.execute(new PrintWriter(out), new PrintWriter(err), words);
        return new Run(exitCode, out.toString(), err.toString());
    }

    @BeforeEach
    void train() {
        String command = "posgen compare --encodings rope,resonance-rope --seeds 1,2 --train-length 16 --test-length 32"
                + " --train 60 --validation 5 --test 10 --d-model 16 --layers 1 --heads 1 --head-size 8 --feed-forward 32"
                + " --epochs 1 --batch 20 --threads 1 --precision float32";
        Run trained = run(Stream.concat(Stream.of(command.split(" ", -1)), Stream.of("--out", study.toString()))
                .toArray(String[]::new));
        assertThat(trained.exitCode()).as(trained.err()).isZero();
    }

    private static final class Builder extends ParquetReader.Builder<Group> {
        Builder(InputFile file) {
            super(file, new PlainParquetConfiguration());
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    private List<Group> rows() throws IOException {
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = new Builder(new LocalInputFile(file))
                .withCodecFactory(new Pages())
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static String text(Group row, Column column) {
        return row.getFieldRepetitionCount(column.word()) == 0 ? "" : row.getString(column.word(), 0);
    }

    private Map<String, JsonNode> records() throws IOException {
        Map<String, JsonNode> records = new TreeMap<>();
        try (Stream<Path> cells = Files.list(study.resolve("cells"))) {
            for (Path cell : cells.toList()) {
                records.put("cells/" + cell.getFileName(), JSON.readTree(cell.toFile()));
            }
        }
        return records;
    }

    @Test
    void everyValueOfEveryRecordIsARowWithWhatItWasMeasuredUnder() throws IOException {
        Run report = run("report", study.toString(), "--parquet", file.toString());
        assertThat(report.exitCode()).as(report.err()).isZero();
        assertThat(report.err()).isEmpty();
        assertThat(report.out()).endsWith("Parquet: " + file + System.lineSeparator());
        Map<String, JsonNode> records = records();
        List<Group> rows = rows();
        assertThat(records).hasSize(4);
        assertThat(rows.get(0).getType().getFields())
                .extracting(field -> field.getName())
                .containsExactlyElementsOf(
                        Stream.of(Column.values()).map(Column::word).toList());
        records.forEach((name, record) -> {
            List<Group> own = rows.stream()
                    .filter(row -> text(row, Column.RECORD).equals(name))
                    .toList();
            JsonNode result = record.get("result");
            Group ood = own.stream()
                    .filter(row -> text(row, Column.METRIC).equals("accuracy_ood"))
                    .findFirst()
                    .orElseThrow();
            assertThat(ood.getDouble("value", 0))
                    .isEqualTo(result.get("oodAccuracy").asDouble());
            assertThat(ood.getLong("seed", 0)).isEqualTo(result.get("seed").asLong());
            assertThat(ood.getLong("n", 0)).isEqualTo(10);
            assertThat(text(ood, Column.ENCODING))
                    .isEqualTo(result.get("encoding").asText());
            assertThat(ood.getBoolean("resonance", 0))
                    .isEqualTo(text(ood, Column.ENCODING).startsWith("resonance-"));
            assertThat(text(ood, Column.RECORD_SHA256))
                    .isEqualTo(record.get("sha256").asText());
            assertThat(text(ood, Column.DOCUMENT)).isEmpty();
            assertThat(ood.getLong("started", 0))
                    .isEqualTo(Instant.parse(record.at("/madeBy/date").asText()).getEpochSecond() * 1_000_000);
            assertThat(own.stream()
                            .filter(row -> text(row, Column.METRIC).equals("accuracy_by_position"))
                            .map(row -> row.getDouble("value", 0)))
                    .hasSize(32)
                    .first()
                    .isEqualTo(result.at("/accuracyByPosition/0").asDouble());
        });
    }

    @Test
    void aStudyThatIsNotFinishedHasTheRowsOfWhatIs() throws IOException {
        Path cells = study.resolve("cells");
        try (Stream<Path> all = Files.list(cells)) {
            List<Path> made = all.sorted().toList();
            Files.delete(made.get(0));
            Files.writeString(made.get(1), "{");
        }
        Run report = run("report", study.toString(), "--parquet", file.toString());
        assertThat(report.exitCode()).as(report.err()).isZero();
        assertThat(rows().stream().map(row -> text(row, Column.RECORD)).distinct())
                .hasSize(2);
    }

    @Test
    void onlyAFileThatWasWrittenHereIsReplaced() throws IOException {
        String[] command = {"report", study.toString(), "--parquet", file.toString()};
        assertThat(run(command).exitCode()).isZero();
        assertThat(run(command).exitCode()).isZero();
        Files.writeString(file, "mine");
        Run refused = run(command);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .isEqualTo("--parquet " + file.getParent()
                        + ": values.parquet must be as report wrote it, was changed since; move it away or choose another"
                        + " --parquet" + System.lineSeparator());
        assertThat(file).hasContent("mine");
    }
}
