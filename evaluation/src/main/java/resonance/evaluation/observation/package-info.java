/**
 * Measured values of any studies as one table in long form, for others' tools: a {@linkplain resonance.evaluation.observation.Observation
 * row} for every value, a {@linkplain resonance.evaluation.observation.Column column} for everything that it may depend on, after
 * Wickham, "Tidy Data", Journal of Statistical Software 59(10), 2014.
 *
 * <p>Columns and {@linkplain resonance.evaluation.observation.Metric metrics} keep their names and meanings: queries stand on them. A
 * file's format is a {@link resonance.evaluation.observation.ObservationWriter} of another module.
 */
@NullMarked
package resonance.evaluation.observation;

import org.jspecify.annotations.NullMarked;
