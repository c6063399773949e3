package resonance.evaluation.sidebyside;

/** Which rows of a table are tested against which. */
public enum TestedRows {
    /** None: differences stand alone. */
    NONE,
    /** Every other row against the baseline. */
    AGAINST_BASELINE,
    /** Every row against every one before it. */
    ALL_PAIRS
}
