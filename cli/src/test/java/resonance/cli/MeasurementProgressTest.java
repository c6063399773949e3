package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MeasurementProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringWriter text = new StringWriter();
    private long now;

    @Test
    void printsPlainLinesHalfAMinuteApartWhereThereIsNoTerminal() {
        run(OptionalInt.empty());
        assertThat(text.toString().lines())
                .containsExactly(
                        "cell 2/3: 0:30 elapsed, 1:30 left, 25 %, yarn / length 64",
                        "cell 2/3: 1:00 elapsed, 1:00 left, 50 %, yarn / length 64",
                        "cell 2/3: yarn is 12.5, took 1:00");
    }

    @Test
    void writesOneLineOverAgainOnATerminalAndNeverBeyondItsWidth() {
        run(OptionalInt.of(40));
        List<String> shown = List.of(text.toString().split("\r\033\\[K", -1));
        assertThat(shown).contains("cell 2/3: 0:10 elapsed, 1:50 left, 8 %,", "cell 2/3: yarn is 12.5, took 1:00\n");
        assertThat(shown.stream().filter(line -> line.contains("elapsed"))).allMatch(line -> line.length() < 40);
    }

    @Test
    void theTimeLeftIsUnknownAtFirst() {
        MeasurementProgress<String, Double> progress = progress(OptionalInt.of(80));
        progress.cellStarted("none");
        now += SECOND / 2;
        progress.advanced(0.1, OptionalDouble.empty());
        assertThat(text.toString()).isEqualTo("\r\033[Kcell 2/3: 0:01 elapsed, 10 %, none");
    }

    /** The second of three cells, in a minute, half of all that is missing. */
    private void run(OptionalInt columns) {
        MeasurementProgress<String, Double> progress = progress(columns);
        progress.cellStarted("yarn / length 64");
        for (int tenth = 1; tenth <= 6; tenth++) {
            now += 10 * SECOND;
            progress.advanced(tenth / 12.0, OptionalDouble.of(120 - 10 * tenth));
        }
        progress.cellFinished(12.5);
    }

    private MeasurementProgress<String, Double> progress(OptionalInt columns) {
        return new MeasurementProgress<>(
                new PrintWriter(text, true), columns, 1, 3, result -> Optional.of("yarn is " + result), () -> now);
    }
}
