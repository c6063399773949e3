package resonance.transformer.position;

import java.util.Optional;

/**
 * Sines and cosines of the position, added to the embedded tokens (Vaswani et al., 2017, arXiv:1706.03762, section 3.5).
 *
 * <pre>
 *   input[t][2 i]     = sin(t / 10000^(2 i / D))
 *   input[t][2 i + 1] = cos(t / 10000^(2 i / D)) </pre>
 *
 * <p>They go on past the trained length by the same formula. The paper scales embeddings by sqrt(D), here the decoder's own
 * factor does; in the T5-style decoder, whose embedding begins with a standard deviation of 1, both come to the same.
 */
public record SinusoidalEncoding() implements PositionEncoding {
    private static final double BASE = 10_000;

    @Override
    public Optional<float[]> input(int positions, int width) {
        float[] rows = new float[Math.multiplyExact(positions, width)];
        for (int i = 0; i < width; i++) {
            double frequency = Math.pow(BASE, -(i - i % 2) / (double) width);
            for (int position = 0; position < positions; position++) {
                double angle = position * frequency;
                rows[position * width + i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
            }
        }
        return Optional.of(rows);
    }
}
