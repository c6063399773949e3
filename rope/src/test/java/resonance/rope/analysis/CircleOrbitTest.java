package resonance.rope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CircleOrbitTest {
    private static final int SEED = 89;
    private static final long TURN = CircleOrbit.TURN;

    /** Steps of every kind: any, few, nearly a fraction of the turn, none. */
    private static long step(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong(TURN);
            case 1 -> random.nextLong(1L << random.nextInt(1, 62));
            case 2 -> (TURN / random.nextInt(1, 50) + random.nextInt(-3, 4)) & (TURN - 1);
            case 3 -> TURN - 1 - random.nextLong(1L << random.nextInt(1, 61));
            default -> TURN / 64 * random.nextInt(64);
        };
    }

    @Test
    void theFirstPointInAnArcIsTheOneThatCountingFinds() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 20_000; trial++) {
            CircleOrbit orbit = CircleOrbit.ofStep(step(random));
            long low = random.nextLong(TURN);
            long width = random.nextLong(1L << random.nextInt(50, 62));
            long from = random.nextInt(3);
            long found = orbit.firstIn(low, low + width, from);
            for (long n = from; n < Math.min(found, 1000); n++) {
                assertThat((orbit.at(n) - low) & (TURN - 1))
                        .as("trial %s of %s, %s", trial, SEED, n)
                        .isGreaterThan(width);
            }
            if (found < CircleOrbit.NEVER) {
                assertThat((orbit.at(found) - low) & (TURN - 1))
                        .as("trial %s of %s", trial, SEED)
                        .isBetween(0L, width);
            }
        }
    }

    @Test
    void aPointThatIsThereIsFoundHoweverFarItIs() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 20_000; trial++) {
            CircleOrbit orbit = CircleOrbit.ofStep(step(random) | 1);
            long n = random.nextLong(1L << random.nextInt(1, 59));
            assertThat(orbit.firstIn(orbit.at(n), orbit.at(n), 0))
                    .as("trial %s of %s", trial, SEED)
                    .isEqualTo(n);
        }
    }

    @Test
    void whatNoPointReachesIsNeverFound() {
        assertThat(CircleOrbit.ofStep(0).firstIn(1, TURN - 1, 0)).isEqualTo(CircleOrbit.NEVER);
        assertThat(CircleOrbit.ofStep(TURN / 4).firstIn(1, TURN / 4 - 1, 0)).isEqualTo(CircleOrbit.NEVER);
        assertThat(CircleOrbit.ofStep(1).firstIn(TURN - 2, TURN - 1, 1)).isEqualTo(CircleOrbit.NEVER);
        assertThat(CircleOrbit.ofStep(3).firstIn(-1, 0, 0)).isZero();
    }

    @Test
    void anAngleIsRoundedToTheNearestStep() {
        assertThat(CircleOrbit.of(0).at(5)).isZero();
        assertThat(turns(CircleOrbit.of(1).at(1))).isCloseTo(0.15915494309189535, within(1e-16));
        assertThat(turns(CircleOrbit.of(1).at(1_000_000_000))).isCloseTo(0.09189533576888376, within(1e-10));
        assertThat(turns(CircleOrbit.of(1000).at(1))).isCloseTo(0.15494309189534, within(1e-13));
    }

    private static double turns(long steps) {
        return (double) steps / TURN;
    }

    @Test
    void theLargestMinimumIsThatOfEveryPairOfPositions() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 20_000; trial++) {
            CircleOrbit orbit = CircleOrbit.ofStep(step(random));
            int trained = random.nextInt(1, 60);
            int target = trained + random.nextInt(1, 300);
            assertThat(AngleWindow.largestMinimum(orbit, trained, target))
                    .as("trial %s of %s, step %s, %s to %s", trial, SEED, orbit.at(1), trained, target)
                    .isEqualTo(largestMinimum(orbit, trained, target));
        }
    }

    /** The definition, every n and every m. */
    private static long largestMinimum(CircleOrbit orbit, int trained, int target) {
        long largest = 0;
        for (int n = trained; n < target; n++) {
            long smallest = TURN;
            for (int m = 0; m < trained; m++) {
                long ahead = (orbit.at(n) - orbit.at(m)) & (TURN - 1);
                smallest = Math.min(smallest, Math.min(ahead, TURN - ahead));
            }
            largest = Math.max(largest, smallest);
        }
        return largest;
    }
}
