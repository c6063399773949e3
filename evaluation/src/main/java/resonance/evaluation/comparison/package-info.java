/**
 * A PosGen {@linkplain resonance.evaluation.Comparison comparison} shown: as a page and in a terminal, by
 * {@link resonance.evaluation.comparison.ComparisonReport}.
 */
@NullMarked
package resonance.evaluation.comparison;

import org.jspecify.annotations.NullMarked;
