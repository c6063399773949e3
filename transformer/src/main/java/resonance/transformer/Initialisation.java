package resonance.transformer;

import java.util.Random;

/** How a new decoder's parameters are drawn. Norm weights are 1 and biases 0 in both. */
public enum Initialisation {
    /**
     * T5's: normal with standard deviation (D S)^(-1/2) for queries, D^(-1/2) for keys, values, gate and up, (H S)^(-1/2)
     * for the attention output, F^(-1/2) for down, 1 for the embedding and the head. The queries' factor S^(-1/2) stands
     * in for the division of the attention logits.
     */
    T5 {
        @Override
        double standardDeviation(String role, DecoderConfig config) {
            double d = config.width();
            return switch (role) {
                case "embedding", "head" -> 1;
                case "query" -> 1 / Math.sqrt(d * config.headSize());
                case "output" -> 1 / Math.sqrt((double) config.heads() * config.headSize());
                case "down" -> 1 / Math.sqrt(config.feedForwardWidth());
                default -> 1 / Math.sqrt(d);
            };
        }
    },
    /** LLaMA's and GPT-2's: normal with standard deviation 0.02, divided by sqrt(2 · layers) for output and down. */
    SMALL_NORMAL {
        @Override
        double standardDeviation(String role, DecoderConfig config) {
            return switch (role) {
                case "output", "down" -> 0.02 / Math.sqrt(2.0 * config.layers());
                default -> 0.02;
            };
        }
    };

    /** Standard deviation of a matrix with the given last part of its name. */
    abstract double standardDeviation(String role, DecoderConfig config);

    /**
     * All parameters as one flat vector in the order of the layout, determined by the seed alone.
     *
     * <p>Drawn with {@link Random#nextGaussian()}, whose algorithm the Java specification fixes.
     */
    float[] draw(DecoderConfig config, ParameterLayout layout, long seed) {
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(layout.size())];
        for (ParameterLayout.Entry entry : layout.entries()) {
            String role = entry.name().substring(entry.name().lastIndexOf('.') + 1);
            int from = (int) entry.offset();
            int to = (int) (entry.offset() + entry.size());
            if (role.equals("norm") || role.equals("finalNorm")) {
                java.util.Arrays.fill(values, from, to, 1);
            } else if (!role.endsWith("Bias")) {
                double deviation = standardDeviation(role, config);
                for (int i = from; i < to; i++) {
                    values[i] = (float) (deviation * random.nextGaussian());
                }
            }
        }
        return values;
    }
}
