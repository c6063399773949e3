package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resonance.evaluation.observation.Column;
import resonance.evaluation.observation.Metric;

/** {@code docs/parquet.md} says what every column and metric is: others' queries stand on it. */
class ParquetPageTest {
    private static List<String> rows(String heading) throws IOException {
        return Files.readString(Path.of("..", "docs", "parquet.md"))
                .split("\\R### " + heading + "\\R", -1)[1]
                .split("\\R##+ ", -1)[0]
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case TEXT -> "text";
            case INTEGER -> "64-bit integer";
            case REAL -> "double";
            case FLAG -> "boolean";
            case INSTANT -> "timestamp, UTC";
        };
    }

    @Test
    void everyColumnHasItsRow() throws IOException {
        assertThat(rows("Columns"))
                .containsExactlyElementsOf(Stream.of(Column.values())
                        .map(column ->
                                "| `" + column.word() + "` | " + type(column) + " | " + column.description() + " |")
                        .toList());
    }

    @Test
    void everyMetricHasItsRow() throws IOException {
        assertThat(rows("Metrics"))
                .containsExactlyElementsOf(Stream.of(Metric.values())
                        .map(metric -> "| `" + metric.word() + "` | "
                                + (metric.unit().isEmpty() ? "–" : metric.unit() + "s") + " | "
                                + metric.description() + " |")
                        .toList());
    }
}
