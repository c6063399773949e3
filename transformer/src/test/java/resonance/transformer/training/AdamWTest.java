package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

class AdamWTest {
    /** One number at a time, as the formulas in the javadoc say. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void updatesAreThoseOfTheFormulas(double decay) {
        AdamW adamW = new AdamW(0.9, 0.95, 1e-8, decay);
        float[] start = {1, -2, 0.5f, 0};
        double[] p = {1, -2, 0.5, 0};
        double[] m = new double[4];
        double[] v = new double[4];
        try (Vectors vectors = new Vectors(start)) {
            for (int step = 0; step < 20; step++) {
                double rate = 0.01 * (step + 1);
                double beta1 = 0.95 - 0.005 * step;
                float[] gradient = {(float) Math.sin(step), (float) (step - 10.0), 1e-4f * (step + 1), step == 7 ? 3 : 0
                };
                vectors.update(adamW, gradient, step, rate, beta1);
                for (int i = 0; i < p.length; i++) {
                    p[i] *= 1 - rate * decay;
                    m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
                    v[i] = 0.95 * v[i] + 0.05 * gradient[i] * gradient[i];
                    double mean = m[i] / (1 - Math.pow(beta1, step + 1.0));
                    double square = v[i] / (1 - Math.pow(0.95, step + 1.0));
                    p[i] -= rate * mean / (Math.sqrt(square) + 1e-8);
                }
            }
            float[] actual = HostCopy.of(vectors.parameters);
            for (int i = 0; i < p.length; i++) {
                assertThat((double) actual[i]).isCloseTo(p[i], within(2e-5));
            }
        }
    }

    @Test
    void theFirstStepIsTheLearningRateInTheGradientsDirectionWhateverItsSize() {
        try (Vectors vectors = new Vectors(new float[] {1, 1, 1})) {
            vectors.update(new AdamW(0.9, 0.999, 1e-12, 0), new float[] {1e-3f, -5, 1e4f}, 0, 0.1, 0.9);
            float[] actual = HostCopy.of(vectors.parameters);
            assertThat(actual[0]).isCloseTo(0.9f, within(1e-5f));
            assertThat(actual[1]).isCloseTo(1.1f, within(1e-5f));
            assertThat(actual[2]).isCloseTo(0.9f, within(1e-5f));
        }
    }

    @Test
    void withoutAGradientOnlyTheDecayActs() {
        try (Vectors vectors = new Vectors(new float[] {4})) {
            vectors.update(new AdamW(0.9, 0.999, 1e-8, 0.5), new float[] {0}, 0, 0.1, 0.9);
            assertThat(HostCopy.of(vectors.parameters)[0]).isCloseTo(3.8f, within(1e-6f));
        }
    }

    @Test
    void rejectsConstantsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdamW(1, 0.999, 1e-8, 0))
                .withMessage("beta1 must be at least 0 and below 1, was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdamW(0.9, -0.1, 1e-8, 0))
                .withMessage("beta2 must be at least 0 and below 1, was -0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdamW(0.9, 0.999, 0, 0))
                .withMessage("epsilon must be above 0, was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdamW(0.9, 0.999, 1e-8, Double.NaN))
                .withMessage("weightDecay must be from 0 to 1000000, was NaN");
    }

    private static final class Vectors implements AutoCloseable {
        final TensorArena arena = new TensorArena(ComputeDevice.CPU);
        final Tensor parameters;
        final Tensor gradients;
        final Tensor firstMoments;
        final Tensor secondMoments;
        final Tensor scratch;

        Vectors(float[] start) {
            parameters = arena.floats(start.length);
            HostCopy.into(parameters, start);
            gradients = arena.floats(start.length);
            firstMoments = arena.zeros(ScalarType.Float, start.length);
            secondMoments = arena.zeros(ScalarType.Float, start.length);
            scratch = arena.floats(start.length);
        }

        void update(AdamW adamW, float[] gradient, long step, double rate, double beta1) {
            HostCopy.into(gradients, gradient);
            try (PointerScope scope = new PointerScope()) {
                adamW.update(parameters, gradients, firstMoments, secondMoments, scratch, step, rate, beta1);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
