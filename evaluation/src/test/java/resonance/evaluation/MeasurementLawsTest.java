package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.evaluation.AccuracyByPosition.Counted;

/** What must hold of counted accuracies, summaries and paired differences whatever was measured. */
class MeasurementLawsTest {

    @Test
    void accuracyIsTheShareOfHitsCountedOneByOne() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int rows = 1 + random.nextInt(20);
            int length = 2 + random.nextInt(30);
            int[][] truth = rows(random, rows, length);
            int[][] predictions = rows(random, rows, length);
            int trained = 1 + random.nextInt(length - 1);
            int seedTokens = random.nextInt(trained);
            AccuracyByPosition accuracy = AccuracyByPosition.count(truth, predictions, Counted.ALL);
            for (int l = 0; l < length; l++) {
                assertThat(accuracy.at(l)).as("seed %d", seed).isEqualTo(hits(truth, predictions, l, l + 1) / rows);
            }
            assertThat(accuracy.idAccuracy(trained, seedTokens))
                    .as("seed %d", seed)
                    .isEqualTo(hits(truth, predictions, seedTokens, trained) / (rows * (trained - seedTokens)));
            assertThat(accuracy.oodAccuracy(trained))
                    .as("seed %d", seed)
                    .isEqualTo(hits(truth, predictions, trained, length) / (rows * (length - trained)));
        }
    }

    @Test
    void mergedCountsAreThoseOfAllSequencesAtOnceInAnyOrder() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int[][] truth = rows(random, 12, 9);
            int[][] predictions = rows(random, 12, 9);
            AccuracyByPosition forwards = AccuracyByPosition.empty(9);
            AccuracyByPosition backwards = AccuracyByPosition.empty(9);
            for (int row = 0; row < 12; row++) {
                AccuracyByPosition one =
                        AccuracyByPosition.count(new int[][] {truth[row]}, new int[][] {predictions[row]}, Counted.ALL);
                forwards = forwards.merge(one);
                backwards = one.merge(backwards);
            }
            AccuracyByPosition whole = AccuracyByPosition.count(truth, predictions, Counted.ALL);
            assertThat(forwards.fractions()).as("seed %d", seed).isEqualTo(whole.fractions());
            assertThat(backwards.fractions()).as("seed %d", seed).isEqualTo(whole.fractions());
            assertThat(backwards.sequences()).isEqualTo(12);
        }
    }

    @Test
    void aSummaryDoesNotDependOnTheOrderAndScalesWithItsValues() {
        for (long seed = 0; seed < 50; seed++) {
            List<Double> values = values(new Random(seed));
            Summary summary = Summary.of(values);
            assertThat(summary.mean()).isBetween(summary.min(), summary.max());
            assertThat(summary.min()).isEqualTo(Collections.min(values));
            assertThat(summary.max()).isEqualTo(Collections.max(values));
            List<Double> shuffled = new ArrayList<>(values);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(Summary.of(shuffled).mean()).as("seed %d", seed).isCloseTo(summary.mean(), within(1e-12));
            assertThat(Summary.of(shuffled).variance()).isCloseTo(summary.variance(), within(1e-12));
            Summary doubled = Summary.of(values.stream().map(x -> -2 * x).toList());
            assertThat(doubled.mean()).isEqualTo(-2 * summary.mean());
            assertThat(doubled.standardError()).isEqualTo(2 * summary.standardError());
            assertThat(doubled.min()).isEqualTo(-2 * summary.max());
        }
    }

    @Test
    void aPairedDifferenceIsTheSummaryOfDifferencesAndCountsEverySeedOnce() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<Double> treatment = values(random);
            List<Double> baseline = new ArrayList<>();
            List<Double> differences = new ArrayList<>();
            int ties = 0;
            for (double value : treatment) {
                double other = random.nextBoolean() ? value : random.nextGaussian();
                baseline.add(other);
                differences.add(value - other);
                ties += value == other ? 1 : 0;
            }
            PairedDifference paired = PairedDifference.of(treatment, baseline);
            assertThat(paired.differences()).as("seed %d", seed).isEqualTo(Summary.of(differences));
            assertThat(paired.better() + paired.worse() + ties).isEqualTo(paired.count());
            assertThat(paired.differences().mean())
                    .isCloseTo(
                            Summary.of(treatment).mean() - Summary.of(baseline).mean(), within(1e-12));
            assertThat(PairedDifference.of(treatment, treatment).inPoints()).isEqualTo("+0.00 [+0.00, +0.00]");
        }
    }

    private static List<Double> values(Random random) {
        return random.doubles(2L + random.nextInt(20), -1, 1).boxed().toList();
    }

    private static int[][] rows(Random random, int rows, int length) {
        int[][] sequences = new int[rows][];
        for (int row = 0; row < rows; row++) {
            sequences[row] = random.ints(length, 0, 3).toArray();
        }
        return sequences;
    }

    private static double hits(int[][] truth, int[][] predictions, int from, int to) {
        double hits = 0;
        for (int row = 0; row < truth.length; row++) {
            for (int l = from; l < to; l++) {
                hits += truth[row][l] == predictions[row][l] ? 1 : 0;
            }
        }
        return hits;
    }
}
