package resonance.transformer.position;

import java.util.Optional;

/** A bias that falls with the distance, for each head by a slope of its own: ALiBi (Press et al. 2022). */
public record DistanceBias() implements PositionEncoding {
    /** −d · 2^(−(h + 1)). */
    public static float of(int head, int distance) {
        return (float) (-distance * Math.pow(2, -(head + 1)));
    }

    @Override
    public Optional<float[]> scoreBias(int heads, int distances) {
        float[] biases = new float[heads * distances];
        for (int head = 0; head < heads; head++) {
            for (int distance = 0; distance < distances; distance++) {
                biases[head * distances + distance] = of(head, distance);
            }
        }
        return Optional.of(biases);
    }
}
