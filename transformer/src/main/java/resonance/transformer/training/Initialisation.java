package resonance.transformer.training;

import java.util.Arrays;
import java.util.Random;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;

/** How a new decoder's parameters are drawn. Norm weights are 1 and biases 0 in both. */
public enum Initialisation {
    /**
     * T5's: normal with standard deviation (D S)^(-1/2) for queries, D^(-1/2) for keys, values, gate and up, (H S)^(-1/2)
     * for the attention output, F^(-1/2) for down, D^(-1/2) for a relative bias, 1 for the embedding and the head. The queries' factor S^(-1/2) stands
     * in for the division of the attention logits.
     */
    T5 {
        @Override
        double standardDeviation(ParameterRole role, DecoderConfig config) {
            double d = config.width();
            return switch (role) {
                case EMBEDDING, HEAD -> 1;
                case QUERY -> 1 / Math.sqrt(d * config.attention().headSize());
                case ATTENTION_OUTPUT ->
                    1 / Math.sqrt((double) config.attention().queryWidth());
                case DOWN -> 1 / Math.sqrt(config.feedForward().width());
                default -> 1 / Math.sqrt(d);
            };
        }
    },
    /** LLaMA's and GPT-2's: normal with standard deviation 0.02, divided by sqrt(2 · layers) for output and down. */
    SMALL_NORMAL {
        @Override
        double standardDeviation(ParameterRole role, DecoderConfig config) {
            return switch (role) {
                case ATTENTION_OUTPUT, DOWN -> 0.02 / Math.sqrt(2.0 * config.layers());
                default -> 0.02;
            };
        }
    };

    /** Standard deviation of a matrix. */
    abstract double standardDeviation(ParameterRole role, DecoderConfig config);

    /**
     * All parameters as one flat vector in the order of the layout, whose values depend on the seed alone.
     *
     * <p>Drawn with {@link Random#nextGaussian()}, whose algorithm the Java specification fixes.
     */
    float[] draw(ParameterLayout layout, long seed) {
        DecoderConfig config = layout.config();
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(layout.size())];
        for (Parameter parameter : config.parameters()) {
            ParameterLayout.Entry entry = layout.entry(parameter);
            int from = (int) entry.offset();
            int to = (int) entry.end();
            switch (parameter.role().kind()) {
                case NORM -> Arrays.fill(values, from, to, 1);
                case BIAS -> Arrays.fill(values, from, to, 0);
                case MATRIX -> {
                    double deviation = standardDeviation(parameter.role(), config);
                    for (int i = from; i < to; i++) {
                        values[i] = (float) (deviation * random.nextGaussian());
                    }
                }
            }
        }
        return values;
    }
}
