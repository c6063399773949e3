package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;

class ComparisonProgressTest {
    private static final CellKey CELL = new CellKey("cot", "resonance-rope", 1);
    private static final long SECOND = 1_000_000_000L;

    private final StringWriter text = new StringWriter();
    private long now;

    @Test
    void printsPlainLinesHalfAMinuteApartWhereThereIsNoTerminal() {
        run(OptionalInt.empty());
        assertThat(text.toString().lines())
                .containsExactly(
                        "cell 2/3, cot / resonance-rope / seed 1: continues after step 20",
                        "cell 2/3, cot / resonance-rope / seed 1: 0:30 elapsed, 6:17 left, step 23/30, loss 0.2500, 32 tokens/s",
                        "cell 2/3, cot / resonance-rope / seed 1: 1:00 elapsed, 5:47 left, step 26/30, loss 0.2500, 32 tokens/s",
                        "cell 2/3, cot / resonance-rope / seed 1: 1:30 elapsed, 5:17 left, step 29/30, loss 0.2500, 32 tokens/s",
                        "cell 2/3, cot / resonance-rope / seed 1: ID 97.5 %, OOD 50.0 %, took 2:00",
                        "cell 3/3, cot / resonance-rope / seed 1: started");
    }

    @Test
    void writesOneLineOverAgainOnATerminalAndNeverBeyondItsWidth() {
        run(OptionalInt.of(60));
        List<String> lines = List.of(text.toString().split(System.lineSeparator(), -1));
        assertThat(lines.get(0)).isEqualTo("\r\033[Kcell 2/3, cot / resonance-rope / seed 1: continues after step 20");
        String live = lines.get(1);
        assertThat(live)
                .startsWith(
                        "\r\033[Kcell 2/3: 0:10 elapsed, step 21/30, loss 0.2500, cot / reso\r\033[Kcell 2/3: 0:20 elapsed,")
                .contains("\r\033[Kcell 2/3: 1:40 elapsed, 5:07 left, testing after step 30/30")
                .endsWith("\r\033[Kcell 2/3, cot / resonance-rope / seed 1: ID 97.5 %, OOD 50.0 %, took 2:00");
        for (String shown : live.split("\r\033\\[K", -1)) {
            if (shown.contains("elapsed")) {
                assertThat(shown).hasSizeLessThan(60);
            }
        }
        assertThat(lines).hasSize(3).endsWith("");
    }

    @Test
    void aTrainingThatServesSeveralCellsNamesThemAll() {
        ComparisonProgress progress = new ComparisonProgress(
                new PrintWriter(text), OptionalInt.empty(), SmallSettings.of(10, 20), 1, 4, 1, () -> now);
        progress.trainingStarted(List.of(CELL, new CellKey("cot", "resonance-yarn", 1)), 0);
        assertThat(text.toString().lines())
                .containsExactly("cells 2-3/4, cot / resonance-rope, resonance-yarn / seed 1: started");
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "7.4, 0:07", "59.6, 1:00", "750, 12:30", "3600, 1:00:00", "11045, 3:04:05"})
    void aTimeReadsAsOnAClock(double seconds, String expected) {
        assertThat(ProgressLine.time(seconds)).isEqualTo(expected);
    }

    /** The second of three cells from step 20 of 30 on, 10 s a step, 20 s for the test. */
    private void run(OptionalInt columns) {
        ComparisonProgress progress =
                new ComparisonProgress(new PrintWriter(text), columns, SmallSettings.of(10, 20), 1, 3, 2, () -> now);
        progress.trainingStarted(List.of(CELL), 20);
        for (long step = 21; step <= 30; step++) {
            now += 10 * SECOND;
            progress.stepped(step, 30, 0.25);
        }
        now += 20 * SECOND;
        progress.tested(CELL);
        progress.cellFinished(new ComparisonCell(
                "cot",
                "resonance-rope",
                1,
                0.975,
                0.5,
                Collections.nCopies(32, 0.5),
                32,
                120,
                "hash",
                "hash",
                "build",
                List.of(),
                List.of()));
        progress.trainingStarted(List.of(CELL), 0);
    }
}
