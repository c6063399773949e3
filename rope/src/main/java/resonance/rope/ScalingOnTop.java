package resonance.rope;

import static java.util.Objects.requireNonNull;

/**
 * A scaling on top of the one that a model was trained with, such as YaRN on a Llama 3.1, whose own frequencies are already
 * llama3's.
 *
 * <pre>
 *   f_j       frequency of pair j that the model was trained with
 *   D(lambda) what the added scaling divides a frequency of that wavelength by:
 *             p_j / a_j at lambda = 2*pi / p_j, p plain RoPE and a the added scaling of this shape;
 *             ln D is linear in ln lambda between two pairs, and constant before the first and beyond the last
 *   theta'_j  = f_j / D(2*pi / f_j)
 *   attention scale = the model's own times the added one </pre>
 *
 * <p>So a pair is treated by how often it really turns within the trained length, and not by the place in the head that
 * plain RoPE would give it. Where the model's own frequencies are plain, the result is the added scaling. A pair
 * that does not rotate stays at rest.
 *
 * <p>No paper defines this. Differs from llama.cpp with {@code --rope-scaling yarn} for a file with divisors, which reads the
 * ramp off the pair's index.
 *
 * @param own what the model was trained with
 * @param ownTrainedLength the trained length that {@code own} computes with, tokens, at least 1; for llama3 the
 *     {@code original_max_position_embeddings}. That of the shape is how far the model reaches with it
 * @param added what is to make it reach further
 */
public record ScalingOnTop(RopeScaling own, int ownTrainedLength, RopeScaling added) implements RopeScaling {
    public ScalingOnTop {
        requireNonNull(own, "own must not be null");
        requireNonNull(added, "added must not be null");
        Require.atLeast("ownTrainedLength", ownTrainedLength, 1);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        RopeFrequencies trained = own.frequencies(
                new RopeShape(shape.headSize(), shape.base(), ownTrainedLength, shape.sequenceLength()));
        RopeFrequencies scaled = added.frequencies(shape);
        double[] plain = shape.radiansPerToken();
        double[] radians = trained.radiansPerToken();
        long[] periods = new long[radians.length];
        for (int pair = 0; pair < radians.length; pair++) {
            double divisor = radians[pair] == 0 ? 1 : divisor(radians[pair], plain, scaled);
            radians[pair] /= divisor;
            periods[pair] = divisor == 1 ? trained.periodTokens(pair) : 0;
        }
        return RopeFrequencies.withPeriods(radians, periods, trained.attentionScale() * scaled.attentionScale());
    }

    /** D for the wavelength of a frequency; {@code plain} falls from pair to pair. */
    private static double divisor(double frequency, double[] plain, RopeFrequencies scaled) {
        int last = plain.length - 1;
        int slower = 0;
        while (slower < last && plain[slower] > frequency) {
            slower++;
        }
        double slowerDivisor = plain[slower] / scaled.radiansPerToken(slower);
        if (slower == 0 || plain[slower] >= frequency) {
            return slowerDivisor;
        }
        double fasterDivisor = plain[slower - 1] / scaled.radiansPerToken(slower - 1);
        if (Double.isInfinite(fasterDivisor)) {
            return fasterDivisor; // the added scaling lays pairs of about this wavelength to rest
        }
        double part = Math.log(plain[slower - 1] / frequency) / Math.log(plain[slower - 1] / plain[slower]);
        return fasterDivisor * Math.pow(slowerDivisor / fasterDivisor, part);
    }

    /** The product of both factors. */
    @Override
    public double factor() {
        return own.factor() * added.factor();
    }

    @Override
    public boolean dependsOnSequenceLength() {
        return own.dependsOnSequenceLength() || added.dependsOnSequenceLength();
    }
}
