package resonance.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import resonance.decoder.DecoderConfig;
import resonance.decoder.RelativeBias;
import resonance.rope.EncodingName;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.NonRotaryMethod;
import resonance.rope.Parameter;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.position.SinusoidalEncoding;

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

    private static final Map<NonRotaryMethod, PositionEncoding> NON_ROTARY = Map.of(
            NonRotaryMethod.NOPE,
            new NoEncoding(),
            NonRotaryMethod.SINUSOIDAL,
            new SinusoidalEncoding(),
            NonRotaryMethod.ALIBI,
            new AlibiEncoding(),
            NonRotaryMethod.T5,
            new NoEncoding()); // what it adds is learned, so the decoder has it: see decoder()

    public EncodingSettings {
        RopeShape.of(2, base, 1); // refuses a base that is none, whether an encoding reads it or not
        scaling.requireOrdered(encodings().parameters());
    }

    /**
     * Those of table 1: b = 10,000, β = 2 and α = 1 of YaRN's ramp, switched on for evaluation only. The paper says that its YaRN
     * models are trained with YaRN (section 6.1); the authors' code, from which its numbers come, does not train them so.
     *
     * @param factor s, L'/L in the paper
     */
    public static EncodingSettings paper(double factor) {
        ScalingSettings scaling = ScalingSettings.ofFactor(factor)
                .with(YarnScaling.BETA_FAST, 2.0)
                .with(YarnScaling.BETA_SLOW, 1.0);
        return new EncodingSettings(RopeShape.DEFAULT_BASE, scaling, ScalingPhase.EVALUATION);
    }

    /** The encodings that can be compared: all for training but LongRoPE, whose divisors are those of one model. */
    public static RopeEncodings encodings() {
        return RopeEncodings.installed().forTraining().without(LongRopeScaling.METHOD);
    }

    /**
     * The encoding of this name.
     *
     * @throws Refusal if it is unknown, with those that can be compared, or LongRoPE's
     */
    public static EncodingName encoding(String name) {
        String longRope = LongRopeScaling.METHOD.name();
        if (name.equals(longRope) || name.endsWith("-" + longRope)) {
            throw Refusal.was("encoding", "must be one without divisors of its own for a model", "'" + name + "'")
                    .cure("take another");
        }
        return encodings().encoding(name);
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

    /** The decoder that learns what a named encoding has to learn: a bias on the scores for {@code t5}, else nothing. */
    DecoderConfig decoder(EncodingName encoding, DecoderConfig plain) {
        return encoding.method().equals(NonRotaryMethod.T5) ? plain.with(RelativeBias.T5) : plain;
    }

    /** Whether a named encoding acts by a bias on the scores, fixed or learned. */
    static boolean biasesScores(EncodingName encoding) {
        return encoding.method().equals(NonRotaryMethod.ALIBI)
                || encoding.method().equals(NonRotaryMethod.T5);
    }

    /** A named encoding as training uses it. */
    PositionEncoding inTraining(EncodingName encoding, int headSize, int trainLength) {
        return positions(trained(encoding), headSize, trainLength, trainLength);
    }

    /**
     * The name of the encoding that a model is trained with to be measured with {@code encoding}; what does not rotate has no
     * scaling to switch on later.
     */
    EncodingName trained(EncodingName encoding) {
        return switch (phase) {
            case TRAINING -> encoding;
            case EVALUATION -> encoding.rotates() ? new EncodingName(NoScaling.ROPE, encoding.rounding()) : encoding;
        };
    }

    /** A named encoding for sequences of the test length. */
    PositionEncoding inEvaluation(EncodingName encoding, int headSize, int trainLength, int testLength) {
        return positions(encoding, headSize, trainLength, testLength);
    }

    private PositionEncoding positions(EncodingName encoding, int headSize, int trainLength, int sequenceLength) {
        PositionEncoding nonRotary =
                encoding.method() instanceof NonRotaryMethod method ? NON_ROTARY.get(method) : null;
        return nonRotary != null
                ? nonRotary
                : RotaryEncoding.of(frequencies(encoding, headSize, trainLength, sequenceLength));
    }

    private RopeFrequencies frequencies(EncodingName encoding, int headSize, int trainLength, int sequenceLength) {
        EncodingName name = encoding(encoding.toString());
        RopeShape shape = RopeShape.of(headSize, base, trainLength).withSequenceLength(sequenceLength);
        return name.scaling(scaling).frequencies(shape);
    }
}
