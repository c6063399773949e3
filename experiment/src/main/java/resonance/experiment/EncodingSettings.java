package resonance.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import resonance.rope.EncodingName;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.Parameter;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;

/**
 * The settings that every encoding of a comparison shares.
 *
 * @param base rotary base b
 * @param scaling what the scalings read; each takes its own parameters from it
 * @param phase whether the scaling is on in training or from the evaluation on
 */
public record EncodingSettings(double base, ScalingSettings scaling, ScalingPhase phase) {
    /** What is a setting of every comparison, whether one of its encodings reads it or not. */
    public static final List<Parameter<?>> ALWAYS =
            List.of(Parameter.FACTOR, YarnScaling.BETA_FAST, YarnScaling.BETA_SLOW);

    /** When the scaling of an encoding is switched on. */
    public enum ScalingPhase {
        /** The model is trained with the scaled encoding, as the paper says (section 6.1). */
        TRAINING,
        /** The model is trained unscaled and gets the scaled encoding for evaluation only, as the authors' code has it. */
        EVALUATION
    }

    public EncodingSettings {
        scaling.requireOrdered(encodings().parameters());
    }

    /**
     * The paper's: b = 10,000, β = 2 and α = 1 of YaRN's ramp, scaled from training on.
     *
     * @param factor s, L'/L in the paper
     */
    public static EncodingSettings paper(double factor) {
        ScalingSettings scaling = ScalingSettings.ofFactor(factor)
                .with(YarnScaling.BETA_FAST, 2.0)
                .with(YarnScaling.BETA_SLOW, 1.0);
        return new EncodingSettings(RopeShape.DEFAULT_BASE, scaling, ScalingPhase.TRAINING);
    }

    /** The encodings that can be compared: all for training but LongRoPE, whose divisors are those of one model. */
    public static RopeEncodings encodings() {
        return RopeEncodings.installed().forTraining().without(LongRopeScaling.METHOD);
    }

    /** These settings as text by option; of the parameters those of {@link #ALWAYS}, and others not at their default. */
    Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("base", text(base));
        ALWAYS.forEach(parameter -> identity.put(parameter.option(), text(scaling.get(parameter))));
        for (Parameter<?> parameter : encodings().parameters()) {
            Object value = scaling.get(parameter);
            if (!value.equals(parameter.standard())) {
                identity.put(parameter.option(), text(value));
            }
        }
        identity.put("scaling-phase", phase.name().toLowerCase(Locale.ROOT));
        return identity;
    }

    /** A value as it stands behind its option; a flag's option is a word for what is not the default. */
    static String text(Object value) {
        if (value instanceof OptionalDouble number) {
            return text(number.orElseThrow());
        }
        if (value instanceof List<?> list) {
            return list.stream().map(EncodingSettings::text).collect(Collectors.joining(","));
        }
        return value instanceof Double number ? ComparisonSettings.plain(number) : "true";
    }

    /** Frequencies of a named encoding as training uses them. */
    RopeFrequencies inTraining(EncodingName encoding, int headSize, int trainLength) {
        return frequencies(trained(encoding), headSize, trainLength, trainLength);
    }

    /** The name of the encoding that a model is trained with to be measured with {@code encoding}. */
    EncodingName trained(EncodingName encoding) {
        return switch (phase) {
            case TRAINING -> encoding;
            case EVALUATION -> new EncodingName(NoScaling.ROPE, encoding.rounding());
        };
    }

    /** Frequencies of a named encoding for sequences of the test length. */
    RopeFrequencies inEvaluation(EncodingName encoding, int headSize, int trainLength, int testLength) {
        return frequencies(encoding, headSize, trainLength, testLength);
    }

    private RopeFrequencies frequencies(EncodingName encoding, int headSize, int trainLength, int sequenceLength) {
        EncodingName name = RopeEncodings.installed().forTraining().encoding(encoding.toString());
        if (name.method().equals(LongRopeScaling.METHOD)) {
            throw Refusal.was("encoding", "must be one without divisors of its own for a model", "'" + name + "'")
                    .cure("take another");
        }
        RopeShape shape = RopeShape.of(headSize, base, trainLength).withSequenceLength(sequenceLength);
        return name.scaling(scaling).frequencies(shape);
    }
}
