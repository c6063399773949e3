package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import resonance.experiment.ComparisonSettings;

class TimeLeftTest {
    private static final long SECOND = 1_000_000_000L;

    /** 10 epochs of 3 steps of 20 x 16 tokens; validation of 5 x 32 tokens every 2 epochs; test of 10 x 32 tokens. */
    private static final ComparisonSettings SETTINGS = SmallSettings.of(10, 2);

    @Test
    void knowsNothingBeforeTheSecondStep() {
        TimeLeft timeLeft = new TimeLeft(SETTINGS, 4, 4);
        timeLeft.trainingStarted(0, 1, 0);
        assertThat(timeLeft.seconds()).isEmpty();
        timeLeft.stepped(90 * SECOND, 1);
        assertThat(timeLeft.seconds()).isEmpty();
        assertThat(timeLeft.tokensPerSecond()).isEmpty();
    }

    @Test
    void countsStepsAndMeasurementsOfAllCells() {
        TimeLeft timeLeft = new TimeLeft(SETTINGS, 2, 2);
        timeLeft.trainingStarted(0, 1, 0);
        long now = 90 * SECOND;
        for (int step = 1; step <= 6; step++) {
            now += 2 * SECOND;
            timeLeft.stepped(now, step);
        }
        now += 16 * SECOND;
        timeLeft.validated(now);
        assertThat(timeLeft.tokensPerSecond().orElseThrow()).isCloseTo(20 * 16 / 2.0, within(1e-9));
        // 0.1 s a measured token: 4 + 5 validations of 16 s, 2 tests of 32 s, 24 + 30 steps of 2 s
        assertThat(timeLeft.seconds().orElseThrow()).isCloseTo(9 * 16 + 2 * 32 + 54 * 2, within(1e-6));
    }

    @Test
    void aTrainingThatServesSeveralCellsIsCountedOnceAndMeasuredForEach() {
        TimeLeft timeLeft = new TimeLeft(SETTINGS, 2, 5);
        timeLeft.trainingStarted(0, 3, 0);
        long now = 90 * SECOND;
        for (int step = 1; step <= 6; step++) {
            now += 2 * SECOND;
            timeLeft.stepped(now, step);
        }
        for (int cell = 0; cell < 3; cell++) {
            now += 16 * SECOND;
            timeLeft.validated(now);
        }
        // 0.1 s a measured token: 3 x 4 + 2 x 5 validations of 16 s, 5 tests of 32 s, 24 + 30 steps of 2 s
        assertThat(timeLeft.seconds().orElseThrow()).isCloseTo(22 * 16 + 5 * 32 + 54 * 2, within(1e-6));
    }

    @Test
    void guessesMeasurementsFromStepsUntilOneIsDone() {
        TimeLeft timeLeft = new TimeLeft(SETTINGS, 1, 1);
        timeLeft.trainingStarted(0, 1, 0);
        timeLeft.stepped(SECOND, 1);
        timeLeft.stepped(4 * SECOND, 2);
        double secondsPerToken = 3.0 / (20 * 16) / 3;
        assertThat(timeLeft.seconds().orElseThrow())
                .isCloseTo(28 * 3 + (5 * 160 + 320) * secondsPerToken, within(1e-6));
    }

    @Test
    void aContinuedCellHasLessLeft() {
        TimeLeft timeLeft = new TimeLeft(SETTINGS, 1, 1);
        timeLeft.trainingStarted(0, 1, 28);
        timeLeft.stepped(SECOND, 29);
        timeLeft.stepped(2 * SECOND, 30);
        timeLeft.validated(3 * SECOND);
        // Only the test is left, of twice the validation's tokens.
        assertThat(timeLeft.seconds().orElseThrow()).isCloseTo(2, within(1e-6));
        timeLeft.tested(5 * SECOND);
        assertThat(timeLeft.tokensPerSecond().orElseThrow()).isCloseTo(320, within(1e-9));
    }

    @Test
    void followsAMachineThatSlowsDown() {
        TimeLeft timeLeft = new TimeLeft(SmallSettings.of(1000, 1000), 1, 1);
        timeLeft.trainingStarted(0, 1, 0);
        long now = 0;
        for (int step = 1; step <= 2000; step++) {
            now += (step <= 1000 ? 1 : 2) * SECOND;
            timeLeft.stepped(now, step);
        }
        assertThat(timeLeft.tokensPerSecond().orElseThrow()).isCloseTo(160, within(0.1));
    }
}
