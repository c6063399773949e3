package resonance.evaluation.perplexity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.evaluation.perplexity.PerplexityDifference.OfDocument;
import resonance.rope.EncodingName;

/** What scripts read of a perplexity measurement: results, and differences with their verdicts. */
final class PerplexityDocument {

    private PerplexityDocument() {}

    /**
     * How much an encoding changes loss and perplexity; below 0 is better.
     *
     * @param meanLoss difference of the mean loss, nats
     * @param low lower end of its 95 % interval; null with one unit
     * @param high upper end
     * @param percent change of the perplexity, %
     * @param percentLow lower end of its interval
     * @param percentHigh upper end
     * @param windows windows compared
     * @param documents documents finished for both
     * @param better documents whose own loss is lower with the encoding
     * @param unit what the interval takes for independent, the word of a {@link PerplexityDifference.Unit}
     * @param pairs units compared
     * @param verdict {@code better}, {@code worse} or {@code undecided}
     * @param byDocument the same document by document
     */
    record Difference(
            EncodingName encoding,
            EncodingName baseline,
            int length,
            double meanLoss,
            @Nullable Double low,
            @Nullable Double high,
            double percent,
            @Nullable Double percentLow,
            @Nullable Double percentHigh,
            int windows,
            int documents,
            int better,
            String unit,
            int pairs,
            String verdict,
            List<DocumentDifference> byDocument) {}

    /** One document's part of a {@link Difference}. */
    record DocumentDifference(
            String document,
            double meanLoss,
            @Nullable Double low,
            @Nullable Double high,
            double percent,
            @Nullable Double percentLow,
            @Nullable Double percentHigh,
            int windows,
            String unit,
            int pairs,
            String verdict) {}

    /** The document's lists by name. */
    static Map<String, List<?>> of(PerplexityResults results) {
        Map<String, List<?>> lists = new LinkedHashMap<>();
        lists.put("results", results.results());
        lists.put(
                "differences",
                results.differences().stream()
                        .map(PerplexityDocument::difference)
                        .toList());
        return lists;
    }

    private static Difference difference(PerplexityDifference difference) {
        Interval loss = difference.loss();
        Interval percent = difference.percent();
        return new Difference(
                difference.contrast().encoding(),
                difference.contrast().baseline(),
                difference.length(),
                loss.mean(),
                loss.lowOrNull(),
                loss.highOrNull(),
                percent.mean(),
                percent.lowOrNull(),
                percent.highOrNull(),
                difference.windows(),
                difference.documents().size(),
                difference.better(),
                difference.unit().word(),
                loss.units(),
                difference.verdict().word(),
                difference.documents().stream()
                        .map(PerplexityDocument::difference)
                        .toList());
    }

    private static DocumentDifference difference(OfDocument document) {
        Interval loss = document.loss();
        Interval percent = document.percent();
        return new DocumentDifference(
                document.name(),
                loss.mean(),
                loss.lowOrNull(),
                loss.highOrNull(),
                percent.mean(),
                percent.lowOrNull(),
                percent.highOrNull(),
                document.windows(),
                document.unit().word(),
                loss.units(),
                loss.verdict(false).word());
    }
}
