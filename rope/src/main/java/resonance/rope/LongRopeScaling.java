package resonance.rope;

import java.util.List;
import java.util.OptionalDouble;

/**
 * LongRoPE: a divisor of its own for every pair, one list for texts within the trained length and one for longer
 * texts.
 *
 * <pre>
 *   theta'_j = theta_j / f_j,    f = longFactors if sequenceLength &gt; trainedLength, else shortFactors
 *   attention scale = attentionFactor, else sqrt(1 + ln(factor) / ln(trainedLength)), 1 if factor is at most 1 </pre>
 *
 * <p>Ding et al., "LongRoPE", 2024, arXiv:2402.13753, in the form of Phi-3 and Hugging Face ({@code rope_type}
 * "longrope"). Any frequency vector can be written this way: divisor = unscaled / wanted frequency.
 *
 * @param shortFactors one divisor per pair, each above 0
 * @param longFactors one divisor per pair, each above 0
 * @param factor s, above 0; used for the attention scale only
 * @param attentionFactor replaces the attention scale, above 0; empty to compute it
 */
public record LongRopeScaling(
        List<Double> shortFactors, List<Double> longFactors, double factor, OptionalDouble attentionFactor)
        implements RopeScaling {
    /** Divisors up to the trained length. */
    public static final Parameter<List<Double>> SHORT_FACTORS = Parameter.numbers(
            "shortFactors", Parameter.Range.ABOVE_0, "a divisor for each pair, up to the trained length");

    /** Divisors beyond the trained length. */
    public static final Parameter<List<Double>> LONG_FACTORS = Parameter.numbers(
            "longFactors", Parameter.Range.ABOVE_0, "a divisor for each pair, beyond the trained length");

    private static final String BOTH_LISTS = "{shortFactors} and {longFactors}";

    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "longrope",
            "LongRoPE",
            "factors a pair",
            LongRopeScaling.class,
            List.of(Parameter.FACTOR, SHORT_FACTORS, LONG_FACTORS, YarnScaling.ATTENTION_FACTOR),
            LongRopeScaling::of);

    public LongRopeScaling {
        shortFactors = List.copyOf(shortFactors);
        longFactors = List.copyOf(longFactors);
        if (shortFactors.size() != longFactors.size()) {
            throw Refusal.of(
                    "longFactors",
                    "must be as many as {shortFactors} (" + shortFactors.size() + ")",
                    "were " + longFactors.size());
        }
        for (int pair = 0; pair < shortFactors.size(); pair++) {
            Require.above("{shortFactors}[" + pair + "]", shortFactors.get(pair), 0);
            Require.above("{longFactors}[" + pair + "]", longFactors.get(pair), 0);
        }
        Require.above("factor", factor, 0);
        attentionFactor.ifPresent(value -> Require.above("attentionFactor", value, 0));
    }

    private static LongRopeScaling of(ScalingSettings settings) {
        List<Double> shorter = settings.get(SHORT_FACTORS);
        List<Double> longer = settings.get(LONG_FACTORS);
        if (shorter.isEmpty() || longer.isEmpty()) {
            throw Refusal.of(
                    BOTH_LISTS,
                    "must be given for longrope, one divisor per pair",
                    "were " + shorter.size() + " and " + longer.size() + " values");
        }
        return new LongRopeScaling(shorter, longer, settings.factor(), settings.get(YarnScaling.ATTENTION_FACTOR));
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        List<Double> divisors = shape.sequenceLength() > shape.trainedLength() ? longFactors : shortFactors;
        if (divisors.size() != radians.length) {
            throw Refusal.of(
                    BOTH_LISTS,
                    "must hold one divisor per pair (" + radians.length + " for {headSize} " + shape.headSize() + ")",
                    "held " + divisors.size());
        }
        for (int pair = 0; pair < radians.length; pair++) {
            radians[pair] /= divisors.get(pair);
        }
        return RopeFrequencies.of(radians, attentionFactor.orElseGet(() -> attentionScale(shape.trainedLength())));
    }

    private double attentionScale(int trainedLength) {
        if (factor > 1 && trainedLength < 2) {
            throw Refusal.was("trainedLength", "must be at least 2 for LongRoPE's attention scale", trainedLength);
        }
        return magnitude(factor, trainedLength);
    }

    /** sqrt(1 + ln(factor) / ln(trained length)), or 1 if the factor is at most 1. */
    public static double magnitude(double factor, double trainedLength) {
        return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trainedLength));
    }

    @Override
    public boolean dependsOnSequenceLength() {
        return !shortFactors.equals(longFactors);
    }
}
