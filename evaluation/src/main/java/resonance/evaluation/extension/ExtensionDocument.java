package resonance.evaluation.extension;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.evaluation.extension.ExtensionSelection.Standing;
import resonance.evaluation.extension.Measure.Kind;
import resonance.evaluation.perplexity.PerplexityDifference;
import resonance.rope.EncodingName;

/** What scripts read of an extension. */
final class ExtensionDocument {

    private ExtensionDocument() {}

    /** An encoding with its factor. */
    record Choice(EncodingName encoding, double factor) {}

    /**
     * A candidate; null stands for what was not measured.
     *
     * @param perplexity at the target length on the text to choose by that it last read whole
     * @param toBest its change against the best one there, %
     * @param toBestLow lower end of the 95 % interval
     * @param toBestHigh upper end
     * @param heldOut perplexity at the target length on text that nothing is chosen by
     * @param withinTrained perplexity within the trained length, on the same
     * @param withinChange its change against the model as it is, %
     * @param needleLoss mean loss of a hidden number over the depths measured, nats
     * @param needleLossByDepth the losses by depth, from 0 to 1
     * @param tokensScored tokens scored at the target length
     * @param dropped when and why; null for one that is left
     * @param cannotBeWritten why no engine can be told it in this format; null if one can
     */
    record Line(
            EncodingName encoding,
            double factor,
            @Nullable Double perplexity,
            @Nullable Double toBest,
            @Nullable Double toBestLow,
            @Nullable Double toBestHigh,
            @Nullable Double heldOut,
            @Nullable Double withinTrained,
            @Nullable Double withinChange,
            @Nullable Double needleLoss,
            Map<Double, Double> needleLossByDepth,
            long tokensScored,
            @Nullable String dropped,
            @Nullable String cannotBeWritten) {}

    /** The document's values by name. */
    static Map<String, Object> of(ExtensionPlan plan, ExtensionSelection selection, String verdict) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put(
                "chosen",
                selection
                        .chosen()
                        .map(candidate -> new Choice(candidate.encoding(), candidate.factor()))
                        .orElse(null));
        document.put("length", plan.length());
        document.put("verdict", verdict);
        document.put(
                "undecided",
                selection.undecided().stream()
                        .map(Standing::candidate)
                        .map(candidate -> new Choice(candidate.encoding(), candidate.factor()))
                        .toList());
        document.put("measuredSeconds", selection.spent());
        document.put("outOfTime", selection.isOutOfTime());
        document.put(
                "candidates",
                plan.candidates().stream()
                        .map(candidate -> line(plan, selection, candidate))
                        .toList());
        return document;
    }

    private static Line line(ExtensionPlan plan, ExtensionSelection selection, Candidate candidate) {
        @Nullable Standing standing = selection.lastStanding(candidate).orElse(null);
        @Nullable Interval toBest = standing == null ? null : standing.percent();
        Map<Double, Double> needles = selection.needles(candidate);
        return new Line(
                candidate.encoding(),
                candidate.factor(),
                standing == null ? null : standing.perplexity(),
                toBest == null ? null : toBest.mean(),
                toBest == null ? null : toBest.lowOrNull(),
                toBest == null ? null : toBest.highOrNull(),
                selection.text(candidate, Kind.REPORTING).perplexity().orElse(null),
                selection.text(candidate, Kind.WITHIN).perplexity().orElse(null),
                selection
                        .difference(Kind.WITHIN, candidate, plan.baseline())
                        .map(PerplexityDifference::inPercent)
                        .map(Interval::mean)
                        .orElse(null),
                needles.isEmpty() ? null : mean(needles),
                needles,
                selection.tokensScored(candidate),
                selection.dropped(candidate).orElse(null),
                candidate.isWritable() ? null : candidate.obstacle());
    }

    static double mean(Map<Double, Double> needles) {
        return needles.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
    }
}
