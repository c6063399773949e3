package resonance.cli;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import resonance.experiment.EncodingSettings;
import resonance.experiment.EncodingSettings.ScalingPhase;
import resonance.experiment.PosgenData;

/** Options that all encodings of a comparison share; what is left out is taken from a preset. */
final class EncodingOptions {
    @Option(names = "--base", paramLabel = "B", description = "rotary base")
    private @Nullable Double base;

    @Option(names = "--factor", paramLabel = "S", description = "scaling factor (default: test length / train length)")
    private @Nullable Double factor;

    @Option(
            names = "--scaling-phase",
            paramLabel = "NAME",
            description = "training: scaled from training on, as in the paper; evaluation: trained unscaled, as in the"
                    + " authors' code, once for all scalings")
    private @Nullable String phase;

    /**
     * The preset with these options in place of its values, and the factor that the lengths ask for.
     *
     * @param command its command line, parsed, with the options for single scalings
     */
    EncodingSettings over(EncodingSettings preset, PosgenData data, CommandSpec command) {
        double lengths = (double) data.testLength() / data.trainLength();
        return new EncodingSettings(
                base != null ? base : preset.base(),
                ScalingOptions.settings(command, preset.scaling().withFactor(factor != null ? factor : lengths)),
                phase != null
                        ? KnownName.find("scalingPhase", phase, List.of(ScalingPhase.values()), EncodingOptions::name)
                        : preset.phase());
    }

    private static String name(ScalingPhase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
