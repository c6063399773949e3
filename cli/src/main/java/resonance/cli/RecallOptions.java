package resonance.cli;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.posgen.AssociativeRecall;
import resonance.posgen.FlipFlop;
import resonance.rope.Refusal;

/** Options of the tasks that ask for what was said before. */
class RecallOptions {
    @Option(names = "--vocabulary", paramLabel = "V", description = "mqar: tokens, half of them keys (default: 64)")
    private @Nullable Integer vocabulary;

    @Option(names = "--pairs", paramLabel = "D", description = "mqar: pairs to recall (default: 8)")
    private @Nullable Integer pairs;

    @Option(
            names = "--gap-exponent",
            paramLabel = "A",
            description = "mqar: power law of the queries' distance, from 0 to 1, evenly spread (default: 0.01)")
    private @Nullable Double gapExponent;

    @Option(
            names = "--ignored",
            paramLabel = "P",
            description = "flip-flop: share of instructions to ignore (default: 0.8)")
    private @Nullable Double ignored;

    @Option(
            names = "--test-ignored",
            paramLabel = "P",
            description = "flip-flop: that of validation and test, 0.98 sparse, 0.1 dense (default: as --ignored)")
    private @Nullable Double testIgnored;

    /** The preset with these options in place of its values. */
    AssociativeRecall recall(AssociativeRecall preset) {
        return new AssociativeRecall(
                vocabulary != null ? vocabulary : preset.vocabulary(),
                pairs != null ? pairs : preset.pairs(),
                gapExponent != null ? gapExponent : preset.gapExponent());
    }

    /** The preset with these options in place of its values. */
    FlipFlop flipFlop(FlipFlop preset) {
        double share = ignored != null ? ignored : preset.ignored();
        return new FlipFlop(share, testIgnored != null ? testIgnored : share);
    }

    /**
     * Refuses an option that none of the tasks reads.
     *
     * @param option the one that names the tasks
     */
    void requireRead(List<String> tasks, String option) {
        requireRead(vocabulary, "vocabulary", List.of(AssociativeRecall.NAME), tasks, option);
        requireRead(pairs, "pairs", List.of(AssociativeRecall.NAME), tasks, option);
        requireRead(gapExponent, "gapExponent", List.of(AssociativeRecall.NAME), tasks, option);
        requireRead(ignored, "ignored", List.of(FlipFlop.NAME), tasks, option);
        requireRead(testIgnored, "testIgnored", List.of(FlipFlop.NAME), tasks, option);
    }

    /** Refuses a value that is given where none of the tasks is one of its readers. */
    static void requireRead(
            @Nullable Object value, String name, List<String> readers, List<String> tasks, String option) {
        if (value != null && Collections.disjoint(readers, tasks)) {
            throw Refusal.was(
                            name,
                            "must go with " + option + " " + String.join(", ", readers),
                            value instanceof String text ? "'" + text + "'" : value)
                    .cure("leave it out");
        }
    }
}
