package resonance.rope.huggingface;

import java.util.OptionalDouble;
import resonance.rope.AdjustedBaseScaling;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.NtkAwareScaling;
import resonance.rope.Parameter;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

/**
 * What a scaling's dictionary says once its type is known: the method with its settings, as one version of transformers reads
 * them for one model class.
 *
 * @param config the text model's settings, in which version 4 looks for the trained length of longrope
 */
record DictionaryScaling(ConfigValues config, ModelClass model, TransformersVersion version, Notes notes) {
    private static final String ALPHA = "alpha";

    /**
     * The method with its settings.
     *
     * @param part share of the pairs that rotates, for proportional
     * @param maximumLength {@code max_position_embeddings}, tokens
     * @param shape of the layers, with their trained length
     * @param truncate whether YaRN's bounds are rounded, which is not looked for in every dictionary
     */
    RopeScaling read(
            ConfigValues dictionary, RopeType type, double part, int maximumLength, RopeShape shape, boolean truncate) {
        double lengthRatio = maximumLength / (double) shape.trainedLength();
        return switch (type) {
            case DEFAULT -> new NoScaling();
            case LINEAR -> new LinearScaling(dictionary.requiredNumber("factor"));
            case DYNAMIC -> dynamic(dictionary, shape);
            case YARN -> yarn(dictionary, lengthRatio, truncate);
            case LONGROPE -> longRope(dictionary, lengthRatio);
            case LLAMA3 ->
                new Llama3Scaling(
                        dictionary.requiredNumber("factor"),
                        dictionary.requiredNumber("low_freq_factor"),
                        dictionary.requiredNumber("high_freq_factor"));
            case PROPORTIONAL ->
                new ProportionalScaling(part, dictionary.number("factor").orElse(1));
        };
    }

    /** HunYuan's alpha changes the base for texts of the trained length and below; transformers forgets it for longer ones. */
    private RopeScaling dynamic(ConfigValues dictionary, RopeShape shape) {
        double alpha =
                ModelKeys.of(model).readsAlpha() ? dictionary.number(ALPHA).orElse(0) : 0;
        if (alpha == 0) {
            return new DynamicNtkScaling(dictionary.requiredNumber("factor"));
        }
        notes.add(dictionary.path(ALPHA) + " changes the base; beyond " + shape.trainedLength()
                + " tokens transformers goes on without it");
        return AdjustedBaseScaling.to(NtkAwareScaling.base(shape, alpha));
    }

    private YarnScaling yarn(ConfigValues dictionary, double lengthRatio, boolean truncate) {
        return new YarnScaling(
                yarnFactor(dictionary, lengthRatio),
                orStandard(dictionary.number("beta_fast"), YarnScaling.BETA_FAST),
                orStandard(dictionary.number("beta_slow"), YarnScaling.BETA_SLOW),
                truncate,
                dictionary.number("attention_factor"),
                dictionary.number("mscale").orElse(0),
                dictionary.number("mscale_all_dim").orElse(0));
    }

    /** Version 5 takes null for the ratio of the lengths; version 4 computes with it and fails. */
    private double yarnFactor(ConfigValues dictionary, double lengthRatio) {
        String ratio = "max_position_embeddings / original_max_position_embeddings";
        if (version == TransformersVersion.V5) {
            if (!dictionary.contains("factor")) {
                throw new IllegalArgumentException(
                        dictionary.path("factor") + " must be given, was absent; null means " + ratio);
            }
            return dictionary.number("factor").orElse(lengthRatio);
        }
        if (dictionary.contains("factor") && !dictionary.has("factor")) {
            throw new IllegalArgumentException(dictionary.path("factor") + " must be a number, was null; transformers 4"
                    + " fails on it, read with version 5 or write " + ratio);
        }
        return dictionary.requiredNumber("factor");
    }

    /** Transformers takes 0 for "not given" here. */
    private static double orStandard(OptionalDouble value, Parameter<Double> parameter) {
        return value.orElse(0) == 0 ? parameter.standard() : value.getAsDouble();
    }

    private LongRopeScaling longRope(ConfigValues dictionary, double lengthRatio) {
        boolean own = ModelKeys.of(model).magnitudeFromLengths();
        return new LongRopeScaling(
                dictionary.requiredNumbers("short_factor"),
                dictionary.requiredNumbers("long_factor"),
                own ? lengthRatio : longRopeFactor(dictionary, lengthRatio),
                own ? OptionalDouble.empty() : dictionary.number("attention_factor"));
    }

    /** Version 4 lets a trained length at the top level override the factor; version 5 lets the factor win. */
    private double longRopeFactor(ConfigValues dictionary, double lengthRatio) {
        if (version == TransformersVersion.V4) {
            if (config.has(RopeType.TRAINED_LENGTH) || model.trainedLength() > 0) {
                return lengthRatio;
            }
            return dictionary.has("attention_factor")
                    ? dictionary.number("factor").orElse(1)
                    : dictionary.requiredNumber("factor");
        }
        return dictionary.number("factor").orElse(lengthRatio);
    }
}
