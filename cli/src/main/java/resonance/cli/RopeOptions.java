package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.model.EncodingChoice;
import resonance.model.ModelPositions;
import resonance.model.OwnEncoding;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeShape;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;

/**
 * Options that describe one rotary encoding, with or without a model; the defaults without one are LLaMA's shape, stretched
 * from 4K to 32K.
 */
final class RopeOptions {
    private static final double DEFAULT_FACTOR = 8;
    private static final double MOST_TOKENS = 0x1p53;
    private static final List<String> SAID_BY_THE_MODEL = List.of("--head-size", "--base", "--trained-length");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description =
                    "a Hugging Face folder or its config.json, with or without weights, or a GGUF file, to show its"
                            + " encoding (default: none; the options describe the encoding)")
    private @Nullable Path model;

    @Option(
            names = "--head-size",
            paramLabel = "D",
            description = "dimensions of a head that rotate, even (default: 128)")
    private int headSize = 128;

    @Option(names = "--base", paramLabel = "B", description = "rotary base (default: 10000)")
    private double base = RopeShape.DEFAULT_BASE;

    @Option(names = "--trained-length", paramLabel = "L", description = "tokens, trained length (default: 4096)")
    private int trainedLength = 4096;

    @Option(
            names = "--target-length",
            paramLabel = "N",
            description =
                    "tokens, length for the feature gap and the aliases (default: trained length times factor; without --factor, the"
                            + " maximum length of MODEL if that is longer)")
    private @Nullable Long targetLength;

    @Option(
            names = "--sequence-length",
            paramLabel = "N",
            description = "tokens, current length for scalings that depend on it (default: target length)")
    private @Nullable Long sequenceLength;

    @Option(
            names = "--scaling",
            paramLabel = "NAME",
            description =
                    "${bundle:names.scalings}, with MODEL in place of its own; model is its own (default: none, with MODEL model)")
    private @Nullable String scaling;

    @Option(
            names = "--factor",
            paramLabel = "S",
            description = "scaling factor (default: target length / trained length, or 8 without either)")
    private @Nullable Double factor;

    @Mixin
    private RoundingOptions wavelengths = new RoundingOptions();

    /** Tells how the library names these options, and what to do about a refusal. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return ScalingOptions.describe(refusals)
                .cure("--head-size", "take an even number such as 128")
                .cure("--base", "models use 10000 and more")
                .cure("--target-length", "swap the lengths or leave --target-length out");
    }

    /**
     * The model whose encoding is asked for; empty if the options describe an encoding.
     *
     * @throws IllegalArgumentException if it is not there
     */
    Optional<Path> model() throws IOException {
        return model == null ? Optional.empty() : Optional.of(LanguageModelOptions.existing(model));
    }

    /** Refuses an option that the scaling does not read, or that the model or its absence leaves without a meaning. */
    void requireRead() {
        if (model != null) {
            for (OptionSpec given : command.commandLine().getParseResult().matchedOptions()) {
                if (SAID_BY_THE_MODEL.contains(given.longestName())) {
                    throw new ParameterException(
                            command.commandLine(),
                            given.longestName() + " must be left out with MODEL, was given; the model says it");
                }
            }
        }
        ScalingOptions.ofModels().requireRead(command, List.of(scaling()), "--scaling");
    }

    /**
     * The table of features that these options ask for.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    FeatureTable table() {
        if (EncodingChoice.MODEL.equals(scaling)) {
            throw Refusal.of("{scaling} model", "must go with MODEL", "was given without")
                    .cure("name a model or change {scaling}");
        }
        ScalingMethod method = scaling();
        RopeShape shape = RopeShape.of(headSize, base, trainedLength);
        long target = target(trainedLength, trainedLength, "{trainedLength}");
        ScalingSettings settings = settings((double) target / trainedLength);
        return FeatureTable.of(
                ShownEncoding.named(method, settings),
                wavelengths.rounding(),
                shape.withSequenceLength(sequence(target)),
                target);
    }

    /**
     * The tables of features of a model's layers, with the encoding that these options ask for.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    ModelFeatures features(ModelPositions opened) {
        int trained = choice(1).trainedLength(opened.positions());
        int reach = new OwnEncoding(opened.positions().rope()).reach();
        long target = target(trained, reach, "the trained length");
        return ModelFeatures.of(opened, choice((double) target / trained), target, sequence(target));
    }

    /**
     * The encoding to put in a model's place.
     *
     * @param neededFactor the factor if none was asked for
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    EncodingChoice choice(double neededFactor) {
        return EncodingChoice.of(new EncodingName(scaling(), wavelengths.rounding()), settings(neededFactor));
    }

    private ScalingMethod scaling() {
        RopeEncodings known = RopeEncodings.installed();
        return ScalingOptions.scaling(
                scaling != null ? scaling : model != null ? EncodingChoice.MODEL : EncodingChoice.NONE,
                model != null ? known.forModels() : known);
    }

    private long target(int trained, int maximumLength, String trainedName) {
        if (targetLength != null && targetLength < trained) {
            throw Refusal.was("targetLength", "must be at least " + trainedName + " (" + trained + ")", targetLength);
        }
        if (targetLength != null) {
            return targetLength;
        }
        if (factor == null) {
            return maximumLength > trained ? maximumLength : (long) (trained * DEFAULT_FACTOR);
        }
        if (!(factor >= 1)) {
            throw Refusal.was("factor", "must be a finite number of at least 1", factor);
        }
        if (trained * factor > MOST_TOKENS) {
            throw Refusal.was(
                    "factor", "must stretch " + trainedName + " (" + trained + ") to at most 2^53 tokens", factor);
        }
        return (long) (trained * factor);
    }

    private long sequence(long target) {
        return sequenceLength != null ? sequenceLength : target;
    }

    private ScalingSettings settings(double neededFactor) {
        return ScalingOptions.settings(command, factor != null ? factor : neededFactor);
    }
}
