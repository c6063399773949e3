package resonance.experiment;

import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;

/** Told of a comparison's progress, on the thread that runs it. Methods return quickly. */
public interface ComparisonListener {
    /** A cell begins, or continues from {@code step} steps done. */
    void cellStarted(CellKey cell, long step);

    /** An optimiser step is done. */
    void stepped(CellKey cell, long step, long totalSteps, double loss);

    /** Validation metrics were measured. */
    void validated(CellKey cell, ComparisonCell.ValidationPoint point);

    /** A cell is finished and kept. */
    void cellFinished(ComparisonCell cell);
}
