package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.Interval;
import resonance.evaluation.PairedUnits;
import resonance.evaluation.perplexity.PerplexityDifference.OfDocument;
import resonance.evaluation.perplexity.PerplexityDifference.Unit;
import resonance.evaluation.perplexity.PerplexityProtocol.Weighting;

/**
 * The losses of two encodings on one document, held against each other piece by piece.
 *
 * <p>Losses of neighbouring tokens are not independent, and neither are the differences of two encodings there: a passage
 * that one finds harder is some hundred tokens long. So tokens are no units. The text is cut into at most {@value
 * #MOST_UNITS} runs of neighbouring pieces, of about equal number ("batch means"), whose means are nearly independent as
 * soon as a run is much longer than such a passage:
 *
 * <pre>  at least {@value #FEWEST_WINDOWS} windows      pieces are windows
 *   fewer                    pieces are stretches of {@value WindowLosses#STRETCH} scored tokens, and runs of them are blocks </pre>
 *
 * <p>Two limits. Where runs are short (a text of a few thousand tokens), dependence is left between them and the interval is
 * too narrow. Blocks of one window lie at different positions: what the difference does with position counts as spread,
 * though every such window would show it, and the interval is too wide. Few windows of a long length are measured better on
 * more text.
 */
public final class PairedLosses {

    /** Runs whose spread is estimated; more would be shorter and depend on each other more, for little: t is 2.13 already. */
    static final int MOST_UNITS = 16;

    /** Windows from which on they are the pieces: fewer leave too little to estimate a spread from. */
    static final int FEWEST_WINDOWS = 8;

    private final List<Double> sums = new ArrayList<>();
    private final List<Double> weights = new ArrayList<>();
    private final boolean whole;
    private final int windows;

    private PairedLosses(List<WindowLosses> encoding, List<WindowLosses> baseline, Weighting weighting) {
        this.windows = encoding.size();
        this.whole = windows >= FEWEST_WINDOWS;
        for (int window = 0; window < windows; window++) {
            WindowLosses ours = encoding.get(window);
            double share = weighting == Weighting.TOKENS ? 1 : 1.0 / ours.scored();
            double windowSum = 0;
            for (int stretch = 0; stretch < ours.sums().size(); stretch++) {
                double difference =
                        ours.sums().get(stretch) - baseline.get(window).sums().get(stretch);
                windowSum += difference;
                if (!whole) {
                    sums.add(share * difference);
                    weights.add(share * ours.scored(stretch));
                }
            }
            if (whole) {
                sums.add(share * windowSum);
                weights.add(share * ours.scored());
            }
        }
    }

    /**
     * What the encoding changes on a document.
     *
     * @throws IllegalArgumentException if the two were measured in other windows
     */
    static OfDocument between(PerplexityCell encoding, PerplexityCell baseline, Weighting weighting) {
        return of(List.of(encoding), List.of(baseline), weighting).on(encoding.document());
    }

    /**
     * What changes on a document, of losses in the same windows.
     *
     * @param document its name
     * @throws IllegalArgumentException if the windows are others
     */
    public static OfDocument between(
            String document, List<WindowLosses> ours, List<WindowLosses> theirs, Weighting weighting) {
        if (!scored(ours).equals(scored(theirs))) {
            throw new IllegalArgumentException(
                    "windows that are compared must be the same, were others on " + document);
        }
        return new PairedLosses(ours, theirs, weighting).on(document);
    }

    /**
     * The same as units: windows, or blocks of them.
     *
     * @throws IllegalArgumentException if the windows are others
     */
    public static PairedUnits units(List<WindowLosses> ours, List<WindowLosses> theirs, Weighting weighting) {
        if (!scored(ours).equals(scored(theirs))) {
            throw new IllegalArgumentException("windows that are compared must be the same, were others");
        }
        return new PairedLosses(ours, theirs, weighting).units();
    }

    /**
     * What the encoding changes on several pieces of text, taken as one: the difference of the mean loss in nats, all tokens
     * counting alike.
     *
     * @param encoding cells of the pieces, at least one
     * @param baseline cells of the same pieces in the same order
     * @throws IllegalArgumentException if the two were measured in other windows
     */
    public static Interval over(List<PerplexityCell> encoding, List<PerplexityCell> baseline) {
        return of(encoding, baseline, Weighting.TOKENS).interval();
    }

    private static PairedLosses of(List<PerplexityCell> encoding, List<PerplexityCell> baseline, Weighting weighting) {
        List<WindowLosses> ours =
                encoding.stream().flatMap(cell -> cell.windowLosses().stream()).toList();
        List<WindowLosses> theirs =
                baseline.stream().flatMap(cell -> cell.windowLosses().stream()).toList();
        if (!scored(ours).equals(scored(theirs))) {
            throw new IllegalArgumentException("windows of cells that are compared must be the same, were others for "
                    + encoding.get(0).key() + " and " + baseline.get(0).key());
        }
        return new PairedLosses(ours, theirs, weighting);
    }

    private OfDocument on(String document) {
        return new OfDocument(
                document,
                interval(),
                whole ? Unit.WINDOW : Unit.BLOCK,
                windows,
                weights.stream().mapToDouble(Double::doubleValue).sum());
    }

    private static List<Integer> scored(List<WindowLosses> windows) {
        return windows.stream().map(WindowLosses::scored).toList();
    }

    private Interval interval() {
        return units().interval();
    }

    private PairedUnits units() {
        int pieces = sums.size();
        int units = Math.min(pieces, MOST_UNITS);
        List<Double> unitSums = new ArrayList<>();
        List<Double> unitWeights = new ArrayList<>();
        for (int unit = 0; unit < units; unit++) {
            double sum = 0;
            double weight = 0;
            for (int piece = edge(unit, pieces, units); piece < edge(unit + 1, pieces, units); piece++) {
                sum += sums.get(piece);
                weight += weights.get(piece);
            }
            unitSums.add(sum);
            unitWeights.add(weight);
        }
        return new PairedUnits(unitSums, unitWeights);
    }

    private static int edge(int unit, int pieces, int units) {
        return (int) ((long) unit * pieces / units);
    }
}
