package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RemainingTimeTest {

    /** Whatever the estimate of work says of one length beside another. */
    @Test
    void isExactOnceEveryLengthHasItsSpeed() {
        Random random = new Random(3);
        for (int trial = 0; trial < 100; trial++) {
            RemainingTime time = new RemainingTime();
            double left = 0;
            for (int length = 512; length <= 32_768; length *= 4) {
                double secondsAWork = random.nextDouble() + 0.01;
                double done = (2 + random.nextInt(5)) / secondsAWork;
                double rest = random.nextInt(1000);
                time.plan(length, done);
                time.plan(length, rest);
                time.did(length, done / 2, done / 2 * secondsAWork);
                time.did(length, done / 2, done / 2 * secondsAWork);
                left += rest * secondsAWork;
            }
            assertThat(time.seconds().orElseThrow()).as("trial %d", trial).isCloseTo(left, within(1e-6));
        }
    }

    @Test
    void aLengthThatDidNotRunIsAsFastAsTheNearestShorterOneElseTheNearestLonger() {
        RemainingTime time = new RemainingTime();
        time.plan(100, 10);
        time.plan(200, 30);
        time.plan(300, 40);
        time.plan(400, 50);
        time.did(200, 10, 20);
        assertThat(time.seconds()).hasValue(2 * (10 + 20 + 40 + 50));
        time.did(300, 10, 50);
        assertThat(time.seconds()).hasValue(2 * (10 + 20) + 5 * (30 + 50));
    }

    @Test
    void aSecondAtSomeLengthIsNeededToKnow() {
        RemainingTime time = new RemainingTime();
        time.plan(100, 10);
        time.plan(200, 10);
        assertThat(time.seconds()).isEmpty();
        time.did(100, 1, 0.75);
        time.did(200, 1, 0.75);
        assertThat(time.seconds()).isEmpty();
        time.did(100, 1, 0.75);
        assertThat(time.seconds()).hasValue(0.75 * (8 + 9));
    }

    @Test
    void nothingLeftTakesNoTime() {
        RemainingTime time = new RemainingTime();
        time.plan(100, 10);
        time.did(100, 10, 5);
        assertThat(time.seconds()).hasValue(0);
    }

    @Test
    void followsAMachineThatSlowsDown() {
        RemainingTime time = new RemainingTime();
        time.plan(1, 3000);
        for (int step = 1; step <= 2000; step++) {
            time.did(1, 1, step <= 1000 ? 1 : 2);
        }
        assertThat(time.speed(1).orElseThrow()).isCloseTo(0.5, within(1e-6));
        assertThat(time.seconds().orElseThrow()).isCloseTo(2000, within(0.01));
    }

    @Test
    void whatIsSkippedIsNotLeftAndSaysNothingOfSpeed() {
        RemainingTime time = new RemainingTime();
        time.plan(1, 10);
        time.skip(1, 4);
        assertThat(time.seconds()).isEmpty();
        assertThat(time.speed(1)).isEmpty();
        time.did(1, 1, 3);
        assertThat(time.seconds()).hasValue(15);
    }

    @Test
    void aMachineTwiceAsSlowNeedsTwiceTheTime() {
        for (long seed = 0; seed < 50; seed++) {
            double once = estimate(seed, 1, 1);
            assertThat(estimate(seed, 2, 1)).as("seed %d", seed).isCloseTo(2 * once, within(1e-9 * once));
        }
    }

    /** The unit of work is the study's own affair. */
    @Test
    void theUnitOfWorkDoesNotMatter() {
        for (long seed = 0; seed < 50; seed++) {
            double once = estimate(seed, 1, 1);
            assertThat(estimate(seed, 1, 1e12)).as("seed %d", seed).isCloseTo(once, within(1e-9 * once));
        }
    }

    /** Seconds left after work at three paces, the last of which has not run. */
    private static double estimate(long seed, double slowness, double unit) {
        Random random = new Random(seed);
        RemainingTime time = new RemainingTime();
        for (int pace = 1; pace <= 3; pace++) {
            time.plan(pace, (100 + random.nextInt(100)) * unit);
        }
        for (int step = 0; step < 20; step++) {
            // Twenty steps of at most 2 s: below the minute that is remembered.
            time.did(1 + random.nextInt(2), random.nextDouble() * unit, (0.3 + random.nextDouble() / 2) * slowness);
        }
        return time.seconds().orElseThrow();
    }

    @Test
    void moreDoneThanPlannedLeavesNothingAndOwesNothing() {
        RemainingTime time = new RemainingTime();
        time.plan(1, 10);
        time.plan(2, 6);
        time.did(1, 25, 50);
        assertThat(time.seconds()).hasValue(2 * 6);
        time.skip(2, 100);
        assertThat(time.seconds()).hasValue(0);
        time.plan(1, 3);
        assertThat(time.seconds()).hasValue(2 * 3);
    }

    @Test
    void timeInWhichNothingWasDoneIsNoSpeed() {
        RemainingTime time = new RemainingTime();
        time.plan(1, 10);
        time.did(1, 0, 30);
        assertThat(time.speed(1)).isEmpty();
        assertThat(time.seconds()).isEmpty();
        time.did(1, 3, 0);
        assertThat(time.speed(1)).hasValue(0.1);
        assertThat(time.seconds().orElseThrow()).isCloseTo(70, within(1e-9));
    }
}
