package resonance.rope;

import java.util.List;

/**
 * The scaling of Llama 3.1: fast pairs keep their frequency, slow ones are interpolated, and a ramp joins them.
 *
 * <pre>
 *   r_j      = trainedLength / lambda_j
 *   theta'_j = theta_j            if r_j &gt; highFrequencyFactor
 *            = theta_j / factor   if r_j &lt; lowFrequencyFactor
 *            = (1 - t) * theta_j / factor + t * theta_j   otherwise,
 *              t = (r_j - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
 *   attention scale 1 </pre>
 *
 * <p>Published as code with the Llama 3.1 models; Hugging Face: {@code rope_type} "llama3". It is
 * {@link NtkByPartsScaling} with other defaults, kept apart because models name it.
 *
 * @param factor s, at least 1
 * @param lowFrequencyFactor turns below which a pair is interpolated; above 0
 * @param highFrequencyFactor turns above which a pair keeps its frequency; above {@code lowFrequencyFactor}
 */
public record Llama3Scaling(double factor, double lowFrequencyFactor, double highFrequencyFactor)
        implements RopeScaling {
    /** Turns below which a pair is interpolated; Llama 3.1's {@code low_freq_factor} is 1. */
    public static final Parameter<Double> LOW_FREQUENCY_FACTOR = Parameter.number(
                    "lowFrequencyFactor",
                    1,
                    Parameter.Range.ABOVE_0,
                    "turns within the trained length up to which a feature is stretched whole")
            .inOptions("low-freq-factor");

    /** Turns above which a pair keeps its frequency; Llama 3.1's {@code high_freq_factor} is 4. */
    public static final Parameter<Double> HIGH_FREQUENCY_FACTOR = Parameter.number(
                    "highFrequencyFactor",
                    4,
                    Parameter.Range.ABOVE_0,
                    "turns within the trained length from which a feature is left as it is")
            .inOptions("high-freq-factor")
            .above(LOW_FREQUENCY_FACTOR);

    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "llama3",
            "Llama 3",
            "Llama 3.1",
            Llama3Scaling.class,
            List.of(Parameter.FACTOR, LOW_FREQUENCY_FACTOR, HIGH_FREQUENCY_FACTOR),
            settings -> new Llama3Scaling(
                    settings.factor(), settings.get(LOW_FREQUENCY_FACTOR), settings.get(HIGH_FREQUENCY_FACTOR)));

    public Llama3Scaling {
        Require.atLeast("factor", factor, 1);
        Require.bounds("lowFrequencyFactor", lowFrequencyFactor, "highFrequencyFactor", highFrequencyFactor);
    }

    /** Llama 3.1's bounds, 1 and 4. */
    public Llama3Scaling(double factor) {
        this(factor, LOW_FREQUENCY_FACTOR.standard(), HIGH_FREQUENCY_FACTOR.standard());
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        return new NtkByPartsScaling(factor, highFrequencyFactor, lowFrequencyFactor).frequencies(shape);
    }
}
