package resonance.evaluation.sidebyside;

import java.util.Optional;
import resonance.evaluation.PairedTest;

/**
 * Two rows in a column, held against each other among others of their table.
 *
 * @param row treatment
 * @param other what it is held against
 * @param column of the table
 * @param pairing of the two
 * @param test of their difference, corrected for the table's comparisons; empty if nothing is paired
 */
record TestedPair(Row row, Row other, Column column, Pairing pairing, Optional<PairedTest> test) {
    TestedPair with(PairedTest corrected) {
        return new TestedPair(row, other, column, pairing, Optional.of(corrected));
    }
}
