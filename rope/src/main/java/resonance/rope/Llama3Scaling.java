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
 * {@link NtkByPartsScaling} with other defaults, kept apart because models name it. Bounds in the wrong order leave no ramp;
 * the settings of {@link #METHOD} are held to the right one.
 *
 * @param factor s, above 0
 * @param lowFrequencyFactor turns below which a pair is interpolated; above 0
 * @param highFrequencyFactor turns above which a pair keeps its frequency; above 0
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
            Llama3Scaling::of);

    public Llama3Scaling {
        Require.above("factor", factor, 0);
        Require.above("lowFrequencyFactor", lowFrequencyFactor, 0);
        Require.above("highFrequencyFactor", highFrequencyFactor, 0);
    }

    /** Llama 3.1's bounds, 1 and 4. */
    public Llama3Scaling(double factor) {
        this(factor, LOW_FREQUENCY_FACTOR.standard(), HIGH_FREQUENCY_FACTOR.standard());
    }

    private static Llama3Scaling of(ScalingSettings settings) {
        settings.requireOrdered(List.of(LOW_FREQUENCY_FACTOR, HIGH_FREQUENCY_FACTOR));
        return new Llama3Scaling(
                settings.factor(), settings.get(LOW_FREQUENCY_FACTOR), settings.get(HIGH_FREQUENCY_FACTOR));
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            double kept = keptShare(shape.trainedLength() * radians[pair] / (2 * Math.PI));
            radians[pair] = (1 - kept) * radians[pair] / factor + kept * radians[pair];
        }
        return RopeFrequencies.of(radians, 1);
    }

    /** The share of a pair's own frequency that is kept, 0 to 1, when it makes this many turns. */
    private double keptShare(double turns) {
        if (turns < lowFrequencyFactor) {
            return 0;
        }
        return turns < highFrequencyFactor
                ? (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
                : 1;
    }
}
