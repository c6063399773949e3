package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.evaluation.AccuracyByPosition.Counted;

class AccuracyByPositionTest {

    private static final NextTokenPredictor ALWAYS_RIGHT = sequences -> sequences.clone();

    @Test
    void countsEachPositionSeparately() {
        int[][] truth = {{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}};
        int[][] predictions = {{0, 2, 3, 4, 5, 6}, {0, 2, 3, 4, 0, 6}, {0, 2, 3, 0, 0, 0}, {0, 2, 0, 4, 0, 0}};

        AccuracyByPosition accuracy = AccuracyByPosition.count(truth, predictions, Counted.ALL);

        assertThat(accuracy.fractions()).containsExactly(0.0, 1.0, 0.75, 0.75, 0.25, 0.5);
        assertThat(accuracy.sequences()).isEqualTo(4);
        // Two seed tokens, trained on four: ID covers positions 2 and 3, OOD positions 4 and 5.
        assertThat(accuracy.idAccuracy(4, 2)).isEqualTo(0.75);
        assertThat(accuracy.oodAccuracy(4)).isEqualTo(0.375);
    }

    @Test
    void theTrainedLengthIsTheFirstPositionThatIsOutOfDistribution() {
        int[][] truth = {{0, 0, 0, 0, 0, 0, 0, 0}};
        for (int trainedLength = 2; trainedLength < 8; trainedLength++) {
            int[][] rightWithinTraining = {{1, 1, 1, 1, 1, 1, 1, 1}};
            for (int l = 1; l < trainedLength; l++) {
                rightWithinTraining[0][l] = 0;
            }
            AccuracyByPosition accuracy = AccuracyByPosition.count(truth, rightWithinTraining, Counted.ALL);
            assertThat(accuracy.idAccuracy(trainedLength, 1))
                    .as("trained on %d", trainedLength)
                    .isEqualTo(1);
            assertThat(accuracy.oodAccuracy(trainedLength))
                    .as("trained on %d", trainedLength)
                    .isZero();
        }
    }

    /** The authors call this metric "generation"; an error made at one position must leave the later ones alone. */
    @Test
    void predictionsAreMadeFromTheTrueTokensNotFromEarlierPredictions() {
        // The rule is x_l = x_(l-1) + 1; this predictor follows it but errs at position 2.
        NextTokenPredictor predictor = sequences -> {
            int[][] predictions = new int[sequences.length][sequences[0].length];
            for (int row = 0; row < sequences.length; row++) {
                for (int l = 1; l < sequences[row].length; l++) {
                    predictions[row][l] = sequences[row][l - 1] + (l == 2 ? 5 : 1);
                }
            }
            return predictions;
        };

        AccuracyByPosition accuracy =
                AccuracyByPosition.measure(predictor, new int[][] {{7, 8, 9, 10, 11}, {1, 2, 3, 4, 5}}, Counted.ALL, 8);

        assertThat(accuracy.fractions()).containsExactly(0.0, 1.0, 0.0, 1.0, 1.0);
    }

    @Test
    void theBatchSizeDoesNotChangeTheResult() {
        long seed = 20240301;
        Random random = new Random(seed);
        int[][] truth = randomRows(random, 23, 11);
        NextTokenPredictor guessesFromTheTokenItself = sequences -> {
            int[][] predictions = new int[sequences.length][];
            for (int row = 0; row < sequences.length; row++) {
                predictions[row] = sequences[row].clone();
                for (int l = 0; l < predictions[row].length; l++) {
                    predictions[row][l] ^= (sequences[row][l] + l) % 3 == 0 ? 1 : 0;
                }
            }
            return predictions;
        };
        AccuracyByPosition whole = AccuracyByPosition.measure(guessesFromTheTokenItself, truth, Counted.ALL, 23);
        assertThat(whole.idAccuracy(11, 0)).isBetween(0.4, 0.9);
        for (int rows = 1; rows <= 24; rows++) {
            AccuracyByPosition batched =
                    AccuracyByPosition.measure(guessesFromTheTokenItself, truth, Counted.ALL, rows);
            assertThat(batched.fractions())
                    .as("seed %d, %d rows a batch", seed, rows)
                    .isEqualTo(whole.fractions());
            assertThat(batched.sequences()).isEqualTo(23);
        }
    }

    @Test
    void idAndOodTogetherAreTheAccuracyOverAllGeneratedPositions() {
        long seed = 77;
        Random random = new Random(seed);
        AccuracyByPosition accuracy =
                AccuracyByPosition.count(randomRows(random, 50, 20), randomRows(random, 50, 20), Counted.ALL);
        double whole = accuracy.fractions().subList(3, 20).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        for (int trainedLength = 4; trainedLength < 20; trainedLength++) {
            double parts = ((trainedLength - 3) * accuracy.idAccuracy(trainedLength, 3)
                            + (20 - trainedLength) * accuracy.oodAccuracy(trainedLength))
                    / 17;
            assertThat(parts).as("seed %d", seed).isCloseTo(whole, within(1e-14));
        }
    }

    @Test
    void tokensThatDoNotCountAreNeitherHitsNorMisses() {
        // Even tokens count: of position 0 one of two, of 1 none, of 2 both, of 3 one.
        int[][] truth = {{2, 1, 4, 6}, {3, 5, 8, 7}};
        int[][] predictions = {{2, 1, 4, 0}, {3, 5, 0, 7}};

        AccuracyByPosition accuracy =
                AccuracyByPosition.count(truth, predictions, (sequence, position) -> sequence[position] % 2 == 0);

        assertThat(accuracy.fractions()).containsExactly(1.0, Double.NaN, 0.5, 0.0);
        assertThat(accuracy.idAccuracy(3, 0)).isEqualTo(2 / 3.0);
        assertThat(accuracy.idAccuracy(3, 1)).isEqualTo(0.5);
        assertThat(accuracy.idAccuracy(2, 1)).isNaN();
        assertThat(accuracy.oodAccuracy(2)).isEqualTo(1 / 3.0);
        assertThat(accuracy.merge(accuracy).fractions()).isEqualTo(accuracy.fractions());
    }

    @Test
    void refusesAQuestionAboutNothing() {
        assertThatThrownBy(() -> AccuracyByPosition.empty(4).oodAccuracy(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("accuracy must be asked after at least one sequence was counted, was none");
        assertThatThrownBy(() -> AccuracyByPosition.empty(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length must be at least 1, was 0");
        assertThatThrownBy(() -> AccuracyByPosition.measure(ALWAYS_RIGHT, new int[0][], Counted.ALL, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sequences must have at least one row, had none");
        assertThatThrownBy(() -> AccuracyByPosition.measure(ALWAYS_RIGHT, new int[1][4], Counted.ALL, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rowsPerBatch must be at least 1, was 0");
    }

    @Test
    void refusesLengthsOutOfOrder() {
        AccuracyByPosition accuracy = AccuracyByPosition.measure(ALWAYS_RIGHT, new int[2][8], Counted.ALL, 2);
        assertThatThrownBy(() -> accuracy.oodAccuracy(8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trainedLength must be at least 1 and less than the 8 measured positions, was 8");
        assertThatThrownBy(() -> accuracy.idAccuracy(4, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "trainedLength must be more than the 4 seed tokens and at most the 8 measured positions, was 4");
        assertThatThrownBy(() -> accuracy.idAccuracy(9, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "trainedLength must be more than the 4 seed tokens and at most the 8 measured positions, was 9");
        assertThatThrownBy(() -> accuracy.idAccuracy(4, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seedTokens must be at least 0, was -1");
    }

    @Test
    void refusesShapesThatDiffer() {
        assertThatThrownBy(() -> AccuracyByPosition.count(new int[2][4], new int[3][4], Counted.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("predictions must have one row for each sequence, expected 2 rows, found 3");
        assertThatThrownBy(() -> AccuracyByPosition.count(new int[][] {{1, 2}, {1}}, new int[2][2], Counted.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sequence in row 1 must have 2 tokens like the first row, had 1");
        assertThatThrownBy(() -> AccuracyByPosition.count(new int[2][2], new int[][] {{1, 2}, {1, 2, 3}}, Counted.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prediction in row 1 must have 2 tokens like the first row, had 3");
        assertThatThrownBy(() -> AccuracyByPosition.empty(3).merge(AccuracyByPosition.empty(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("merged counts must have the same length, were 3 and 4");
    }

    private static int[][] randomRows(Random random, int rows, int length) {
        int[][] sequences = new int[rows][length];
        for (int[] row : sequences) {
            for (int l = 0; l < length; l++) {
                row[l] = random.nextInt(3);
            }
        }
        return sequences;
    }
}
