package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import resonance.language.ExtensionSettings;
import resonance.model.PlacementChoice;
import resonance.rope.Refusal;

/** Options for the length that a model is taken to, and for what that is measured on. */
final class ExtensionOptions {
    static final int SHIPPED_LENGTH = 1024;

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "tokens that the model shall read (default for the model that ships: " + SHIPPED_LENGTH + ")")
    private @Nullable Integer length;

    @Option(
            names = "--text",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "text files in UTF-8 to measure on, at least two windows of the length; a folder stands for its .txt"
                            + " files (default: the text that ships)")
    private List<Path> files = List.of();

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "time that measuring may take, such as 90s, 5m or 1h; what is not measured in time is told (default: no"
                            + " bound)")
    private @Nullable String budget;

    @Mixin
    private PlacementOptions placement = new PlacementOptions();

    /** Tells how the libraries name these options. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return ScalingOptions.describe(refusals).called("--text", "FILE", "text", "texts");
    }

    /**
     * What was asked for.
     *
     * @param model that is taken to the length; the one that ships has a usual length
     * @throws IllegalArgumentException if a value is out of range, or a model is given without a length
     */
    ExtensionSettings settings(LanguageModelOptions model) throws IOException {
        List<Path> texts = TextFiles.expand(files.isEmpty() ? List.of(ShippedFiles.text()) : files);
        if (length == null && model.isGiven()) {
            throw Refusal.of("length", "must be given with a MODEL", "was left out")
                    .cure("it is the number of tokens that the model shall read");
        }
        return new ExtensionSettings(
                length != null ? length : SHIPPED_LENGTH,
                texts,
                placement(),
                budget == null ? Duration.ZERO : Seconds.ofText("budget", budget));
    }

    /** Where scalings go in a model that comes with one of its own. */
    PlacementChoice placement() {
        return placement.choice();
    }

    /** Settings as the options that ask for them, the time as it was typed. */
    List<String> words(ExtensionSettings settings) {
        List<String> words = new ArrayList<>(List.of("--length " + settings.length()));
        settings.texts().forEach(text -> words.add("--text " + ShellWords.quote(text.toString())));
        words.addAll(PlacementOptions.words(settings.placement()));
        words.add("--budget " + (budget == null ? "none" : budget));
        return words;
    }
}
