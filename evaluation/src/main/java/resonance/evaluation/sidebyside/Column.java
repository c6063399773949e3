package resonance.evaluation.sidebyside;

/**
 * A column of a table.
 *
 * @param length tokens
 * @param task of a suite, or an average of them; empty where there are none
 */
record Column(int length, String task) {}
