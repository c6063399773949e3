package resonance.transformer.position;

import java.util.Optional;

/**
 * A bias on the scores that falls with the distance, for each head by a slope of its own ("ALiBi"; Press et al., 2022,
 * arXiv:2108.12409, section 3).
 *
 * <pre>
 *   bias[h][t − u] = −m_h·(t − u)
 *   m_h = 2^(−8 (h + 1) / H)                h = 0 … H − 1, H a power of two
 *   m_h = 2^(−8 (h + 1) / P)                h &lt; P, the largest power of two up to H
 *   m_h = 2^(−8 (2 (h − P) + 1) / (2 P))    h ≥ P: every other slope of 2 P heads </pre>
 *
 * <p>The slopes of a number of heads that is no power of two are the authors' code's; the paper says those of powers only. The
 * bias goes on for any distance, so nothing ends at the trained length.
 */
public record AlibiEncoding() implements PositionEncoding {
    /** The paper's: the last of a power of two of heads has the slope 2^−8. */
    private static final double LAST_EXPONENT = 8;

    /**
     * m_h.
     *
     * @param head h, from 0
     * @param heads H, at least 1
     */
    public static double slope(int head, int heads) {
        int power = Integer.highestOneBit(heads);
        double turn = head < power ? head + 1.0 : head - power + 0.5;
        return Math.pow(2, -LAST_EXPONENT * turn / power);
    }

    @Override
    public Optional<float[]> scoreBias(int heads, int distances) {
        float[] biases = new float[Math.multiplyExact(heads, distances)];
        for (int head = 0; head < heads; head++) {
            double slope = slope(head, heads);
            for (int distance = 0; distance < distances; distance++) {
                biases[head * distances + distance] = (float) (-slope * distance);
            }
        }
        return Optional.of(biases);
    }
}
