/**
 * A PosGen {@linkplain resonance.evaluation.Comparison comparison} shown: its
 * {@link resonance.evaluation.comparison.ComparisonReport} as a page, its
 * {@link resonance.evaluation.comparison.ComparisonTable} in a terminal, both of the same columns.
 */
@NullMarked
package resonance.evaluation.comparison;

import org.jspecify.annotations.NullMarked;
