package resonance.cli;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import resonance.model.EncodingChoice;
import resonance.model.PositionSettings;
import resonance.rope.EncodingName;
import resonance.rope.RopeEncodings;
import resonance.serving.export.ServedEncoding;

/** Options for an encoding that is written into a model, but for its name. */
final class ServedEncodingOptions {
    @Option(
            names = "--factor",
            paramLabel = "S",
            description = "scaling factor (default: --length / trained length, at least 1)")
    private @Nullable Double factor;

    @Mixin
    private RoundingOptions wavelengths = new RoundingOptions();

    @Mixin
    private PlacementOptions placement = new PlacementOptions();

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "tokens that the model shall read (default: trained length times factor; the model's own with"
                    + " --scaling none or model)")
    private @Nullable Integer length;

    /** Tells what the library calls these options. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return ScalingOptions.describe(refusals)
                .called("--length", "contextLength", "sequenceLength")
                .called("--scaling", "encoding")
                .cure("--length", "leave it out for trained length times factor");
    }

    /**
     * The encoding that is asked for.
     *
     * @throws resonance.rope.Refusal if the scaling is unknown or refuses its settings
     */
    EncodingChoice choice(CommandSpec command, String scaling) {
        return EncodingChoice.of(
                        new EncodingName(
                                ScalingOptions.scaling(
                                        scaling, RopeEncodings.installed().forModels()),
                                wavelengths.rounding()),
                        ScalingOptions.settings(command, factor != null ? factor : 1))
                .placed(placement.choice());
    }

    /**
     * The same in a model.
     *
     * @param otherwise the length where neither a factor nor a length is given; empty to refuse that
     * @throws resonance.rope.Refusal if factor and length do not fit the encoding or the model
     */
    ServedEncoding served(PositionSettings model, EncodingChoice choice, OptionalInt otherwise) {
        OptionalInt asked = length != null ? OptionalInt.of(length) : OptionalInt.empty();
        return ServedEncoding.of(
                model,
                choice,
                factor == null ? OptionalDouble.empty() : OptionalDouble.of(factor),
                asked.isEmpty() && factor == null ? otherwise : asked);
    }
}
