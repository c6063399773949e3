package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;

class PreviousTokenHeadsTest {
    private static final int POSITION = 40;

    @Test
    void theFirstThreeHeadsLookOneTwoAndThreeTokensBackWhateverTheTokensAre() {
        PretrainedShape shape = PretrainedShape.DEFAULT;
        Model model = new Model(shape);

        for (int head = 0; head < 3; head++) {
            double[] attention = model.attention(head, POSITION);

            assertThat(attention[POSITION - head - 1]).isGreaterThan(0.7);
        }
        assertThat(model.attention(3, POSITION)[POSITION - 1]).isLessThan(0.1);
    }

    @Test
    void theyDoSoAtEveryPosition() {
        Model model = new Model(PretrainedShape.DEFAULT);

        assertThat(model.attention(0, 250)[249]).isGreaterThan(0.7);
        assertThat(model.attention(1, 3)[1]).isGreaterThan(0.7);
    }

    @Test
    void withAHeadOfKeysForEachHeadOfQueriesTheyDoTheSame() {
        Model model = new Model(new PretrainedShape(300, 64, 2, 4, 4, 16, 96, 64, 10_000));

        assertThat(model.attention(0, POSITION)[POSITION - 1]).isGreaterThan(0.7);
        assertThat(model.attention(1, POSITION)[POSITION - 2]).isGreaterThan(0.7);
    }

    @Test
    void halfOfTheHeadsAtLeastAreLeftAsTheyWereDrawn() {
        PretrainedShape shape = new PretrainedShape(300, 16, 1, 2, 1, 8, 24, 16, 10_000);
        Model model = new Model(shape);
        ParameterLayout.Entry queries = model.layout.entry(model.config.parameter(ParameterRole.QUERY, 0));
        int secondHead = (int) queries.offset() + shape.headSize() * shape.width();

        assertThat(model.parameters[(int) queries.offset()]).isNotEqualTo(model.drawn[(int) queries.offset()]);
        for (int i = secondHead; i < queries.end(); i++) {
            assertThat(model.parameters[i]).isEqualTo(model.drawn[i]);
        }
    }

    @Test
    void allTokensShareTheFirstFeatureWhichIsAsLargeAsTheirOthersTogether() {
        PretrainedShape shape = PretrainedShape.DEFAULT;
        Model model = new Model(shape);
        ParameterLayout.Entry embedding = model.layout.entry(model.config.parameter(ParameterRole.EMBEDDING));
        float[] rows = embedding.of(model.parameters);

        double others = 0;
        for (int i = 0; i < rows.length; i++) {
            if (i % shape.width() == 0) {
                assertThat(rows[i]).isEqualTo(rows[0]);
            } else {
                others += (double) rows[i] * rows[i];
            }
        }
        int tokens = rows.length / shape.width();
        assertThat(rows[0] * rows[0]).isCloseTo((float) (others / tokens), within((float) (0.02 * others / tokens)));
    }

    /** A drawn decoder with the heads written in, and its first layer's attention by plain loops. */
    private static final class Model {
        private final PretrainedShape shape;
        private final DecoderConfig config;
        private final ParameterLayout layout;
        private final float[] drawn;
        private final float[] parameters;
        private final int[] tokens;

        Model(PretrainedShape shape) {
            this.shape = shape;
            config = shape.decoderConfig(shape.vocabularySize());
            layout = new ParameterLayout(config);
            Random random = new Random(5);
            drawn = new float[(int) layout.size()];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = (float) (0.02 * random.nextGaussian());
            }
            parameters = drawn.clone();
            PreviousTokenHeads.writeInto(parameters, layout, shape);
            tokens = random.ints(shape.trainedLength(), 0, shape.vocabularySize())
                    .toArray();
        }

        double[] attention(int head, int position) {
            int keyHead = head / (shape.heads() / shape.keyValueHeads());
            double[] query = rotated(projected(ParameterRole.QUERY, head, position), position);
            double[] weights = new double[position + 1];
            double sum = 0;
            for (int other = 0; other <= position; other++) {
                double[] key = rotated(projected(ParameterRole.KEY, keyHead, other), other);
                double score = 0;
                for (int i = 0; i < key.length; i++) {
                    score += query[i] * key[i];
                }
                weights[other] = Math.exp(score / Math.sqrt(key.length));
                sum += weights[other];
            }
            for (int other = 0; other <= position; other++) {
                weights[other] /= sum;
            }
            return weights;
        }

        private double[] projected(ParameterRole role, int head, int position) {
            int width = shape.width();
            float[] embedding =
                    layout.entry(config.parameter(ParameterRole.EMBEDDING)).of(parameters);
            float[] matrix = layout.entry(config.parameter(role, 0)).of(parameters);
            double squares = 0;
            for (int i = 0; i < width; i++) {
                double value = embedding[tokens[position] * width + i];
                squares += value * value;
            }
            double norm = Math.sqrt(squares / width);
            double[] projected = new double[shape.headSize()];
            for (int row = 0; row < projected.length; row++) {
                for (int i = 0; i < width; i++) {
                    projected[row] += matrix[(head * projected.length + row) * width + i]
                            * embedding[tokens[position] * width + i]
                            / norm;
                }
            }
            return projected;
        }

        private double[] rotated(double[] vector, int position) {
            double[] rotated = new double[vector.length];
            for (int i = 0; i < vector.length; i += 2) {
                double angle = position * Math.pow(shape.ropeBase(), -(double) i / vector.length);
                rotated[i] = vector[i] * Math.cos(angle) - vector[i + 1] * Math.sin(angle);
                rotated[i + 1] = vector[i + 1] * Math.cos(angle) + vector[i] * Math.sin(angle);
            }
            return rotated;
        }
    }
}
