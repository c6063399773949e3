package resonance.evaluation.search;

import java.util.List;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.MeasuringTime;
import resonance.evaluation.extension.ExtensionPlan.Piece;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.search.SearchKey.Stage;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;
import resonance.rope.RopeShape;

/**
 * A search for factors: for which model and length, among which, and by what.
 *
 * @param model what is to read the length
 * @param shape its rotary size and base, and the length that is stretched
 * @param length tokens that the model shall read, more than those
 * @param space what factors it looks among
 * @param objective what is made small
 * @param encoding of every proposal: {@code longrope}, with a rounding of wavelengths where one is wanted
 * @param baseline the model as it is, for reference
 * @param starts scalings made by hand, which are evaluated first; at least one
 * @param documents that the pieces are of
 * @param pieces text to choose by, at least one where the objective is perplexity
 * @param needles numbers to choose by, at least one where they are the objective
 * @param heldOutPieces text to report on, at least one
 * @param heldOutNeedles numbers to report on, at least one
 * @param work of what is measured
 * @param evaluations most proposals, at least 0
 * @param budgetSeconds time that measuring may take; 0 for no bound
 * @param seed of the optimiser
 */
public record SearchPlan(
        MeasuredModel model,
        RopeShape shape,
        int length,
        Space space,
        Objective objective,
        EncodingName encoding,
        Contender baseline,
        List<Contender> starts,
        List<MeasuredDocument> documents,
        List<Piece> pieces,
        List<Needle> needles,
        List<Piece> heldOutPieces,
        List<Needle> heldOutNeedles,
        Work work,
        int evaluations,
        double budgetSeconds,
        long seed) {
    /**
     * Estimates of work, in units that make kinds comparable, such as multiplications.
     *
     * @param piece of reading a piece of text in windows of the target length
     * @param within of reading what is read within the trained length
     * @param needle of a prompt with a hidden number
     */
    public record Work(double piece, double within, double needle) {}

    public SearchPlan {
        starts = List.copyOf(starts);
        documents = List.copyOf(documents);
        pieces = List.copyOf(pieces);
        needles = List.copyOf(needles);
        heldOutPieces = List.copyOf(heldOutPieces);
        heldOutNeedles = List.copyOf(heldOutNeedles);
        if (length <= shape.trainedLength()) {
            throw new IllegalArgumentException(
                    "length must be more than the trained length of " + shape.trainedLength() + ", was " + length);
        }
        if (evaluations < 0) {
            throw Refusal.was("evaluations", "must be at least 0", evaluations);
        }
        if (starts.isEmpty() || heldOutPieces.isEmpty() || heldOutNeedles.isEmpty()) {
            throw new IllegalArgumentException(
                    "starts and what is reported on must be at least one of each, were " + starts.size() + ", "
                            + heldOutPieces.size() + " pieces and " + heldOutNeedles.size() + " needles");
        }
        if ((objective == Objective.NEEDLES ? needles.size() : pieces.size()) == 0) {
            throw new IllegalArgumentException("what is chosen by must be at least one, was none");
        }
    }

    /** s: target length over trained length. */
    public double factor() {
        return length / (double) shape.trainedLength();
    }

    /** The budget in words, "1,200 s" or "0.5 s"; "none" for no bound. */
    public String budgetText() {
        return MeasuringTime.text(budgetSeconds);
    }

    FactorSpace factorSpace() {
        return space.of(shape, factor());
    }

    /** A proposal of the optimiser. */
    public Contender proposal(int number, Factors factors) {
        return new Contender(number, encoding, factor(), factors);
    }

    /** Pieces, or needles, that an evaluation reads. */
    private int units() {
        return objective == Objective.NEEDLES ? needles.size() : pieces.size();
    }

    /** Of those, how many are read first. */
    private int screened() {
        return (units() + 1) / 2;
    }

    /** Whether the first look is not the whole. */
    boolean isScreened() {
        return units() > 1;
    }

    /** The pieces of text that a measurement reads; none if it reads needles. */
    public List<Piece> pieces(SearchKey key) {
        return switch (key.stage()) {
            case SCREENING -> objective == Objective.NEEDLES ? List.of() : pieces.subList(0, screened());
            case COMPLETING -> objective == Objective.NEEDLES ? List.of() : pieces.subList(screened(), units());
            case REPORTING -> List.of(heldOutPieces.get(key.number()));
            case WITHIN -> List.of(heldOutPieces.get(0));
            case NEEDLE -> List.of();
        };
    }

    /** The needles that a measurement reads; none if it reads text. */
    public List<Needle> needles(SearchKey key) {
        return switch (key.stage()) {
            case SCREENING -> objective == Objective.NEEDLES ? needles.subList(0, screened()) : List.of();
            case COMPLETING -> objective == Objective.NEEDLES ? needles.subList(screened(), units()) : List.of();
            case NEEDLE -> List.of(heldOutNeedles.get(key.number()));
            case REPORTING, WITHIN -> List.of();
        };
    }

    /** Work of a measurement. */
    public double work(Stage stage) {
        double unit = objective == Objective.NEEDLES ? work.needle() : work.piece();
        return switch (stage) {
            case SCREENING -> screened() * unit;
            case COMPLETING -> (units() - screened()) * unit;
            case REPORTING -> work.piece();
            case WITHIN -> work.within();
            case NEEDLE -> work.needle();
        };
    }
}
