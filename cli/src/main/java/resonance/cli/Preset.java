package resonance.cli;

import java.util.List;
import java.util.Locale;
import resonance.experiment.ComparisonSettings;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** A named set of values for every setting of a comparison. */
enum Preset {
    /** Small enough for a laptop. */
    QUICK {
        @Override
        ComparisonSettings settings(int threads, Precision precision, ComputeDevice device) {
            return ComparisonSettings.quick(threads, precision, device);
        }
    },

    /** The paper's experiment, whole. */
    PAPER {
        @Override
        ComparisonSettings settings(int threads, Precision precision, ComputeDevice device) {
            return ComparisonSettings.paper(threads, precision, device);
        }
    };

    abstract ComparisonSettings settings(int threads, Precision precision, ComputeDevice device);

    /** The name used on the command line. */
    String commandName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Preset named(String name) {
        return KnownName.find("preset", name, List.of(values()), Preset::commandName);
    }

    /** The values of all presets for people, one option a line. */
    static String table() {
        return String.format("%nPresets:%n")
                + SettingsText.sideBySide(
                        QUICK.commandName(),
                        QUICK.settings(1, Precision.FLOAT32, ComputeDevice.CPU),
                        PAPER.commandName(),
                        PAPER.settings(1, Precision.FLOAT32, ComputeDevice.CPU));
    }
}
