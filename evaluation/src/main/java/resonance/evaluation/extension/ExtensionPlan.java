package resonance.evaluation.extension;

import java.util.List;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.MeasuringTime;
import resonance.evaluation.perplexity.EveryTokenOnce;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityProtocol;

/**
 * What there is to take a model to a length, and what to measure it on.
 *
 * @param model what is to read the length
 * @param trainedLength tokens that the candidates stretch
 * @param length tokens that the model shall read, more than those
 * @param candidates in the order to measure them; the model as it is comes first, and the same scaling without rounding before
 *     it with
 * @param documents that the pieces are of
 * @param choosing text to choose by, in the order to use it; pieces of one size
 * @param reporting text that nothing is chosen by, of the same size
 * @param work of a measurement of each kind
 * @param budgetSeconds time that measuring may take; 0 for no bound
 */
public record ExtensionPlan(
        MeasuredModel model,
        int trainedLength,
        int length,
        List<Candidate> candidates,
        List<MeasuredDocument> documents,
        List<Piece> choosing,
        List<Piece> reporting,
        Work work,
        double budgetSeconds) {

    /** How text is cut and scored: windows of the target length side by side. */
    public static final PerplexityProtocol PROTOCOL = new EveryTokenOnce();

    /** Where the hidden number stands, from 0 (start of the prompt) to 1 (end), in the order to measure. */
    public static final List<Double> DEPTHS = List.of(0.5, 0.0, 1.0, 0.25, 0.75);

    /**
     * Neighbouring tokens of a document that make whole windows of the target length.
     *
     * @param document its name
     * @param begin index of the first token
     * @param end index after the last
     */
    public record Piece(String document, int begin, int end) {}

    /**
     * Estimates of work, in units that make kinds comparable, such as multiplications.
     *
     * @param piece of reading a piece in windows of the target length
     * @param within of reading what is read within the trained length
     * @param needle of a prompt with a hidden number
     */
    public record Work(double piece, double within, double needle) {
        double of(Measure.Kind kind) {
            return switch (kind) {
                case CHOOSING, REPORTING -> piece;
                case WITHIN -> within;
                case NEEDLE -> needle;
            };
        }
    }

    public ExtensionPlan {
        candidates = List.copyOf(candidates);
        documents = List.copyOf(documents);
        choosing = List.copyOf(choosing);
        reporting = List.copyOf(reporting);
        if (length <= trainedLength) {
            throw new IllegalArgumentException(
                    "length must be more than the trained length of " + trainedLength + ", was " + length);
        }
        if (candidates.isEmpty() || choosing.isEmpty() || reporting.isEmpty()) {
            throw new IllegalArgumentException("candidates and pieces of both kinds must be at least one, were "
                    + candidates.size() + ", " + choosing.size() + " and " + reporting.size());
        }
    }

    /** The budget in words, "1,200 s" or "0.5 s"; "none" for no bound. */
    public String budgetText() {
        return MeasuringTime.text(budgetSeconds);
    }

    /** The model as it is. */
    Candidate baseline() {
        return candidates.get(0);
    }

    /** The measurement that comes first and tells how fast the machine is: the model as it is, within its trained length. */
    public ExtensionKey firstKey() {
        return baseline().key(Measure.Kind.WITHIN, 0);
    }
}
