package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.study.StudyListener.Progress;

class StudyProgressTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String JOB = "cot / resonance-rope / seed 1";

    private final StringWriter text = new StringWriter();
    private long now;

    @Test
    void printsPlainLinesHalfAMinuteApartWhereThereIsNoTerminal() {
        measure(OptionalInt.empty());
        assertThat(text.toString().lines())
                .containsExactly(
                        "cell 2/3, yarn / length 64: 0:30 elapsed, 1:30 left, 25 %",
                        "cell 2/3, yarn / length 64: 1:00 elapsed, 1:00 left, 50 %",
                        "cell 2/3, yarn / length 64: 12.5, took 1:00");
    }

    @Test
    void writesOneLineOverAgainOnATerminalAndNeverBeyondItsWidth() {
        measure(OptionalInt.of(40));
        List<String> shown = List.of(text.toString().split("\r\033\\[K", -1));
        assertThat(shown)
                .contains(
                        "cell 2/3: 0:10 elapsed, 1:50 left, 8 %,",
                        "cell 2/3, yarn / length 64: 12.5, took 1:00" + System.lineSeparator());
        assertThat(shown.stream().filter(line -> line.contains("elapsed"))).allMatch(line -> line.length() < 40);
    }

    @Test
    void theTimeLeftIsUnknownAtFirst() {
        StudyProgress<String, Double> progress = progress(OptionalInt.of(80), 1, 3);
        progress.jobStarted("none", List.of("none"));
        now += SECOND / 2;
        progress.advanced(new Progress(0.1, OptionalDouble.empty(), "", false));
        assertThat(text.toString()).isEqualTo("\r\033[Kcell 2/3: 0:01 elapsed, 10 %, none");
    }

    /** The second of three cells, in a minute, half of all that is missing. */
    private void measure(OptionalInt columns) {
        StudyProgress<String, Double> progress = progress(columns, 1, 3);
        progress.jobStarted("yarn / length 64", List.of("yarn / length 64"));
        for (int tenth = 1; tenth <= 6; tenth++) {
            now += 10 * SECOND;
            progress.advanced(new Progress(tenth / 12.0, OptionalDouble.of(120 - 10 * tenth), "", false));
        }
        progress.cellFinished("yarn / length 64", 12.5);
    }

    @Test
    void aTrainingTellsItsStepsAsPlainLines() {
        train(OptionalInt.empty());
        assertThat(text.toString().lines())
                .containsExactly(
                        "cell 2/3, " + JOB + ": continues after step 20",
                        "cell 2/3, " + JOB + ": 0:30 elapsed, 6:17 left, step 23/30",
                        "cell 2/3, " + JOB + ": 1:00 elapsed, 5:47 left, step 26/30",
                        "cell 2/3, " + JOB + ": 1:30 elapsed, 5:17 left, step 29/30",
                        "cell 2/3, " + JOB + ": 97.5, took 2:00",
                        "cell 3/3, " + JOB + ": started");
    }

    @Test
    void whatIsNotableIsShownAtOnceOnATerminal() {
        train(OptionalInt.of(60));
        List<String> lines = List.of(text.toString().split(System.lineSeparator(), -1));
        assertThat(lines.get(0)).isEqualTo("\r\033[Kcell 2/3, " + JOB + ": continues after step 20");
        assertThat(lines.get(1))
                .startsWith("\r\033[Kcell 2/3: 0:10 elapsed, 6:37 left, step 21/30, cot / resona\r\033[Kcell 2/3: 0:20")
                .contains("\r\033[Kcell 2/3: 1:40 elapsed, 5:07 left, testing after step 30/30")
                .endsWith("\r\033[Kcell 2/3, " + JOB + ": 97.5, took 2:00");
        for (String shown : lines.get(1).split("\r\033\\[K", -1)) {
            if (shown.contains("elapsed")) {
                assertThat(shown).hasSizeLessThan(60);
            }
        }
        assertThat(lines).hasSize(3).endsWith("");
    }

    /** The second of three cells from step 20 of 30 on, 10 s a step, 20 s for the test. */
    private void train(OptionalInt columns) {
        StudyProgress<String, Double> progress = progress(columns, 1, 3);
        progress.jobStarted(JOB, List.of(JOB));
        progress.noted("continues after step 20", true);
        for (int step = 21; step <= 30; step++) {
            now += 10 * SECOND;
            OptionalDouble left = OptionalDouble.of(397 - 10 * (step - 21));
            progress.advanced(new Progress(0.5, left, "step " + step + "/30", false));
            if (step == 30) {
                progress.advanced(new Progress(0.5, left, "testing after step 30/30", true));
            }
        }
        now += 20 * SECOND;
        progress.cellFinished(JOB, 97.5);
        progress.jobStarted(JOB, List.of(JOB));
        progress.noted("started", false);
    }

    @Test
    void aJobThatServesSeveralCellsCountsThemAll() {
        StudyProgress<String, Double> progress = progress(OptionalInt.empty(), 1, 4);
        progress.jobStarted("cot / resonance-rope, resonance-yarn / seed 1", List.of("a", "b"));
        progress.noted("started", false);
        progress.cellFinished("a", 1.0);
        progress.cellFinished("b", 2.0);
        assertThat(text.toString().lines())
                .containsExactly(
                        "cells 2-3/4, cot / resonance-rope, resonance-yarn / seed 1: started",
                        "cell 2/4, a: 1.0, took 0:00",
                        "cell 3/4, b: 2.0, took 0:00");
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "7.4, 0:07", "59.6, 1:00", "750, 12:30", "3600, 1:00:00", "11045, 3:04:05"})
    void aTimeReadsAsOnAClock(double seconds, String expected) {
        assertThat(ProgressLine.time(seconds)).isEqualTo(expected);
    }

    private StudyProgress<String, Double> progress(OptionalInt columns, int finished, int cells) {
        return new StudyProgress<>(
                new PrintWriter(text, true),
                columns,
                finished,
                cells,
                result -> Optional.of(result.toString()),
                () -> now,
                Optional.empty());
    }
}
