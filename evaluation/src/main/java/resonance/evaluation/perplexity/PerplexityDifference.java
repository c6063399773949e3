package resonance.evaluation.perplexity;

import java.util.List;
import java.util.Locale;
import resonance.evaluation.Contrast;
import resonance.evaluation.Interval;
import resonance.evaluation.Verdict;

/**
 * How much an encoding changes the loss of a model against another encoding, at one length on the same documents.
 *
 * <pre>  loss    = mean loss with the encoding − mean loss with the baseline, nats, averaged as the protocol does
 *   percent = 100 · (e^loss − 1), the change of the perplexity; ends of the interval likewise </pre>
 *
 * <p>With several documents, documents are the units of the interval, weighted by what they hold: it says how sure the
 * difference is for other texts like these, and with two or three of them it is wide, as it should be. With one document it
 * says how sure the difference is for that text, by windows or blocks of it ({@link PairedLosses}), and nothing of other texts.
 *
 * @param contrast the encoding and what it is measured against
 * @param length positions in a whole window, BOS included
 * @param documents the difference on each document finished for both, at least one, in the order of the plan
 */
public record PerplexityDifference(Contrast contrast, int length, List<OfDocument> documents) {

    /** What is taken for independent. */
    public enum Unit {
        /** A document. */
        DOCUMENT,
        /** A window, or neighbouring windows. */
        WINDOW,
        /** A block of neighbouring tokens. */
        BLOCK;

        /** For tables and JSON: {@code document}, {@code window}, {@code block}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The difference on one document.
     *
     * @param name the document's name
     * @param loss difference of the mean loss, nats, with its interval
     * @param unit what the interval's units are
     * @param windows windows compared
     * @param weight what the document weighs among others: scored tokens, or windows
     */
    public record OfDocument(String name, Interval loss, Unit unit, int windows, double weight) {

        /** The change of the perplexity in %. */
        public Interval percent() {
            return inPercent(loss);
        }
    }

    public PerplexityDifference {
        documents = List.copyOf(documents);
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("documents must be at least one, were none");
        }
    }

    /** Difference of the mean loss over all documents, nats, with its interval. */
    public Interval loss() {
        if (documents.size() == 1) {
            return documents.get(0).loss();
        }
        return Interval.ofSums(
                documents.stream()
                        .map(document -> document.weight() * document.loss().mean())
                        .toList(),
                documents.stream().map(OfDocument::weight).toList());
    }

    /** The change of the perplexity in %, with its interval; below 0 is better. */
    public Interval percent() {
        return inPercent(loss());
    }

    /** What the interval's units are. */
    public Unit unit() {
        return documents.size() == 1 ? documents.get(0).unit() : Unit.DOCUMENT;
    }

    /** What the interval decides: less loss is better. */
    public Verdict verdict() {
        return loss().verdict(false);
    }

    /** Windows compared. */
    public int windows() {
        return documents.stream().mapToInt(OfDocument::windows).sum();
    }

    /** Documents whose own loss is lower with the encoding. */
    public int better() {
        return (int) documents.stream()
                .filter(document -> document.loss().mean() < 0)
                .count();
    }

    /** A difference of mean losses in nats as the change of the perplexity in %: 100 · (e^loss − 1), ends likewise. */
    public static Interval inPercent(Interval loss) {
        return new Interval(
                loss.units(),
                100 * Math.expm1(loss.mean()),
                100 * Math.expm1(loss.low()),
                100 * Math.expm1(loss.high()));
    }
}
