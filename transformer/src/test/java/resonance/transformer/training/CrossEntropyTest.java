package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.decoder.DecoderConfig;
import resonance.decoder.EmbeddingSettings;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

class CrossEntropyTest {
    private static final int VOCABULARY = 6;
    private static final DecoderConfig CONFIG =
            DecoderConfig.t5Style(VOCABULARY, 8, 1, 1, 8, 8, 0).with(EmbeddingSettings.plain(true));
    private static final int[] TARGETS = {9, 9, 3, 0, TokenBatch.IGNORED, 5, 2, TokenBatch.IGNORED};

    @Test
    void lossesAndGradientsAreThoseOfTheFormulas() {
        Random random = new Random(3);
        float[] values = new float[6 * VOCABULARY];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (5 * random.nextGaussian());
        }
        float[][] results = results(values, 0.25f);
        for (int n = 0; n < 6; n++) {
            int target = TARGETS[2 + n];
            double sum = 0;
            for (int v = 0; v < VOCABULARY; v++) {
                sum += Math.exp(values[n * VOCABULARY + v]);
            }
            double weight = target == TokenBatch.IGNORED ? 0 : 0.25;
            double loss = weight == 0 ? 0 : weight * (Math.log(sum) - values[n * VOCABULARY + target]);
            assertThat((double) results[0][n]).isCloseTo(loss, within(1e-5));
            for (int v = 0; v < VOCABULARY; v++) {
                double gradient = weight * (Math.exp(values[n * VOCABULARY + v]) / sum - (v == target ? 1 : 0));
                assertThat((double) results[1][n * VOCABULARY + v]).isCloseTo(gradient, within(1e-6));
            }
        }
    }

    @Test
    void hugeLogitsOverflowNothing() {
        float[] values = new float[6 * VOCABULARY];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2 == 0 ? 1e4f : -1e4f;
        }
        float[][] results = results(values, 1);
        assertThat(results[0][0]).isEqualTo(2e4f + (float) Math.log(3), within(1f));
        for (float gradient : results[1]) {
            assertThat(gradient).isBetween(-1f, 1f);
        }
    }

    /** More rows than a run has, and a vocabulary that is large enough for the head's products to be bfloat16. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aLargeVocabularyGoesByRunsOfRows(Precision precision) {
        int vocabulary = 140_000;
        int rows = 250;
        int width = 2;
        DecoderConfig config = DecoderConfig.llamaStyle(vocabulary, width, 1, 1, 1, 2, 2, 1e-5, false);
        Random random = new Random(4);
        float[] features = normal(random, rows * width, 1);
        float[] matrix = normal(random, vocabulary * width, 1);
        int[] targets = random.ints(rows, 0, vocabulary).toArray();
        targets[7] = TokenBatch.IGNORED;
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            PassShape shape = new PassShape(config, precision, 1, rows, true, arena);
            Tensor h = arena.floats(rows, width);
            HostCopy.into(h, features);
            Tensor head = arena.floats(vocabulary, width);
            HostCopy.into(head, matrix);
            Tensor gradient = arena.floats(rows, width);
            Tensor headGradient = arena.zeros(ScalarType.Float, vocabulary, width);
            double loss = new CrossEntropy(shape)
                    .lossAndGradient(
                            h,
                            head,
                            head.to(precision.scalarType()),
                            new TokenBatch(1, rows, targets.clone(), targets),
                            0,
                            1f / rows,
                            gradient,
                            headGradient);
            double expected = 0;
            double[] lastRow = new double[width];
            double[] tokenZero = new double[width];
            for (int n = 0; n < rows; n++) {
                double sum = 0;
                double[] logits = new double[vocabulary];
                for (int v = 0; v < vocabulary; v++) {
                    logits[v] =
                            features[n * width] * matrix[v * width] + features[n * width + 1] * matrix[v * width + 1];
                    sum += Math.exp(logits[v]);
                }
                if (targets[n] == TokenBatch.IGNORED) {
                    continue;
                }
                expected += (Math.log(sum) - logits[targets[n]]) / rows;
                double zero = (Math.exp(logits[0]) / sum - (targets[n] == 0 ? 1 : 0)) / rows;
                for (int i = 0; i < width; i++) {
                    tokenZero[i] += zero * features[n * width + i];
                    for (int v = 0; n == rows - 1 && v < vocabulary; v++) {
                        double share = Math.exp(logits[v]) / sum - (v == targets[n] ? 1 : 0);
                        lastRow[i] += share / rows * matrix[v * width + i];
                    }
                }
            }
            double tolerance = precision == Precision.FLOAT32 ? 1e-5 : 0.02;
            assertThat(loss).isCloseTo(expected, within(tolerance * expected));
            float[] ofFeatures = HostCopy.of(gradient);
            float[] ofHead = HostCopy.of(headGradient);
            for (int i = 0; i < width; i++) {
                assertThat((double) ofFeatures[(rows - 1) * width + i]).isCloseTo(lastRow[i], within(tolerance / rows));
                assertThat((double) ofHead[i]).isCloseTo(tokenZero[i], within(tolerance * 1e-3));
            }
        }
    }

    private static float[] normal(Random random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    /** Losses and gradients of rows whose targets begin at the third: with the unit matrix as head features are logits. */
    private static float[][] results(float[] logits, float weight) {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            PassShape shape = new PassShape(CONFIG, Precision.FLOAT32, 2, 3, true, arena);
            PassShape inference = new PassShape(CONFIG, Precision.FLOAT32, 2, 3, false, arena);
            Tensor tensor = arena.floats(6, VOCABULARY);
            HostCopy.into(tensor, logits);
            Tensor head = arena.keep(torch.eye(VOCABULARY));
            Tensor gradient = arena.floats(6, VOCABULARY);
            Tensor headGradient = arena.zeros(ScalarType.Float, VOCABULARY, VOCABULARY);
            TokenBatch batch = new TokenBatch(1, 8, new int[8], TARGETS);
            CrossEntropy crossEntropy = new CrossEntropy(shape);
            float[] losses = new float[6];
            new CrossEntropy(inference).forEachRun(tensor, head, batch, 2, (shown, negativeLogLikelihoods, first) -> {
                float[] part = HostCopy.of(negativeLogLikelihoods);
                System.arraycopy(part, 0, losses, first, part.length);
            });
            double loss = crossEntropy.lossAndGradient(tensor, head, head, batch, 2, weight, gradient, headGradient);
            double sum = 0;
            for (int n = 0; n < 6; n++) {
                losses[n] *= weight;
                sum += losses[n];
            }
            assertThat(loss).isCloseTo(sum, within(1e-6 * (1 + sum)));
            Tensor product = torch.mm(gradient.t(), tensor);
            assertThat(HostCopy.of(headGradient)).isEqualTo(HostCopy.of(product));
            return new float[][] {losses, HostCopy.of(gradient)};
        }
    }
}
