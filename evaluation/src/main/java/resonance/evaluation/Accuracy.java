package resonance.evaluation;

/** Which of a cell's two accuracies is meant. */
public enum Accuracy {
    /** Within the trained length: in distribution. */
    ID,
    /** Beyond the trained length: out of distribution. */
    OOD;

    /** The accuracy of a cell, a fraction from 0 to 1. */
    public double of(ComparisonCell cell) {
        return switch (this) {
            case ID -> cell.idAccuracy();
            case OOD -> cell.oodAccuracy();
        };
    }
}
