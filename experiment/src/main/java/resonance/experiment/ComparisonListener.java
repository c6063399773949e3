package resonance.experiment;

import java.util.List;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;

/** Told of a training's progress, on the thread that runs it. Methods return quickly. */
interface ComparisonListener {
    /** Something to tell of the training, a line. */
    void noted(String line);

    /** A training that serves these cells begins, or continues from {@code step} steps done. */
    void trainingStarted(List<CellKey> cells, long step);

    /** An optimiser step of the running training is done. */
    void stepped(long step, long totalSteps, double loss);

    /** Validation metrics of one of its cells were measured. */
    void validated(CellKey cell, ComparisonCell.ValidationPoint point);

    /** One of its cells was measured on the test set. */
    void tested(CellKey cell);
}
