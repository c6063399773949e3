package resonance.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import resonance.language.SamplingSettings;

/** Options for how the next token is chosen. */
final class SamplingOptions {
    private static final double TEMPERATURE = 0.8;
    private static final double TOP_P = 0.95;

    /** What {@code --greedy} leaves without a meaning. */
    private static final List<String> SAMPLING = List.of("--temperature", "--top-k", "--top-p", "--min-p", "--seed");

    @Option(names = "--greedy", description = "always the likeliest token")
    private boolean greedy;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "what logits are divided by: less is more predictable (default: 0.8)")
    private double temperature = TEMPERATURE;

    @Option(names = "--top-k", paramLabel = "N", description = "keep the N likeliest tokens; 0 keeps all (default: 0)")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "keep the likeliest tokens that together have this probability (default: 0.95)")
    private double topP = TOP_P;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "keep tokens at least this many times as likely as the likeliest (default: 0)")
    private double minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "X",
            description = "above 1 makes tokens less likely that the text has already (default: 1)")
    private double repetitionPenalty = 1;

    @Option(names = "--seed", paramLabel = "N", description = "determines the draw (default: 1)")
    private long seed = 1;

    /** Refuses an option that {@code --greedy} leaves without a meaning. */
    void requireMeaning(CommandSpec command) {
        for (String option : SAMPLING) {
            if (greedy && command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        command.commandLine(),
                        option + " must be given without --greedy, was given with it; leave one of them out");
            }
        }
    }

    /**
     * The settings that these options ask for.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    SamplingSettings settings() {
        return greedy
                ? new SamplingSettings(0, 0, 1, 0, repetitionPenalty, 0)
                : new SamplingSettings(temperature, topK, topP, minP, repetitionPenalty, seed);
    }
}
