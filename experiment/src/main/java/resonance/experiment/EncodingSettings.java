package resonance.experiment;

import java.util.List;
import resonance.rope.EncodingName;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
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
 * @param factor s, L'/L in the paper
 * @param betaFast β of YaRN's ramp; the authors' PosGen experiments use 2
 * @param betaSlow α of YaRN's ramp
 * @param phase whether the scaling is on in training or from the evaluation on
 */
public record EncodingSettings(double base, double factor, double betaFast, double betaSlow, ScalingPhase phase) {

    /** When the scaling of an encoding is switched on. */
    public enum ScalingPhase {
        /** The model is trained with the scaled encoding, as the paper says (section 6.1). */
        TRAINING,
        /** The model is trained unscaled and gets the scaled encoding for evaluation only, as the authors' code has it. */
        EVALUATION
    }

    /** b = 10,000, β = 2, α = 1, scaled from training on, with the given factor. */
    public static EncodingSettings paper(double factor) {
        return new EncodingSettings(RopeShape.DEFAULT_BASE, factor, 2, 1, ScalingPhase.TRAINING);
    }

    /** Frequencies of a named encoding as training uses them. */
    RopeFrequencies inTraining(EncodingName encoding, int headSize, int trainLength) {
        return frequencies(trained(encoding), headSize, trainLength, trainLength);
    }

    /** The name of the encoding that a model is trained with to be measured with {@code encoding}. */
    EncodingName trained(EncodingName encoding) {
        return switch (phase) {
            case TRAINING -> encoding;
            case EVALUATION -> new EncodingName(NoScaling.ROPE, encoding.resonance());
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
        ScalingSettings settings = ScalingSettings.ofFactor(factor)
                .with(YarnScaling.BETA_FAST, betaFast)
                .with(YarnScaling.BETA_SLOW, betaSlow)
                .requireOrdered(List.of(YarnScaling.BETA_FAST));
        RopeShape shape = RopeShape.of(headSize, base, trainLength).withSequenceLength(sequenceLength);
        return name.scaling(settings).frequencies(shape);
    }
}
