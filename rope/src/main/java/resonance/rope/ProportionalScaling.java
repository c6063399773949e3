package resonance.rope;

import java.util.List;

/**
 * Only the fastest share of the pairs rotates; the others stand still ("NoPE") though the head keeps its size.
 *
 * <pre>
 *   k        = floor(rotatedShare * headSize / 2)
 *   theta'_j = base^(-2j/headSize) / factor   for j &lt; k,    0 for the others;   attention scale 1 </pre>
 *
 * <p>Hugging Face: {@code rope_type} "proportional" (Gemma 4), where {@code rotatedShare} is
 * {@code partial_rotary_factor}. Differs from plain partial rotary, where the exponent is spread over the rotated
 * part alone: for that take a {@link RopeShape} of {@link RopeShape#rotarySize} and a {@link Rotation} of the whole
 * row.
 *
 * @param rotatedShare share of the pairs that rotate, 0 to 1
 * @param factor s, above 0, dividing all frequencies
 */
public record ProportionalScaling(double rotatedShare, double factor) implements RopeScaling {
    /** Share of the pairs that rotate. */
    public static final Parameter<Double> ROTATED_SHARE = Parameter.number(
                    "rotatedShare", 1, Parameter.Range.FRACTION, "share of pairs that rotate")
            .inOptions("rotary-share");

    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "proportional",
            "Proportional",
            "a share of the pairs rotates",
            ProportionalScaling.class,
            List.of(Parameter.FACTOR, ROTATED_SHARE),
            settings -> new ProportionalScaling(settings.get(ROTATED_SHARE), settings.factor()));

    public ProportionalScaling {
        Require.fraction("rotatedShare", rotatedShare);
        Require.above("factor", factor, 0);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = new double[shape.pairs()];
        // Hugging Face: int(share * head_dim // 2), the product first, then the floor.
        int rotated = (int) Math.floor(rotatedShare * shape.headSize() / 2);
        for (int pair = 0; pair < rotated; pair++) {
            radians[pair] = shape.radiansPerToken(pair) / factor;
        }
        return RopeFrequencies.of(radians, 1);
    }
}
