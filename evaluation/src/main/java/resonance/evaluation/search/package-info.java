/**
 * Rescale factors of a model's own: a divisor for every pair of dimensions and one factor on cosine and sine, searched for
 * without training.
 *
 * <p>{@link resonance.evaluation.search.SearchPlan} says between what and by what, {@link
 * resonance.evaluation.search.FactorSpace} which factors a point stands for, {@link resonance.evaluation.search.FactorSearch}
 * what follows from the results so far: what to evaluate next, and which factors are the best. {@link
 * resonance.evaluation.search.SearchReport} shows it. Texts and needles that factors are chosen by are others than those they
 * are reported on.
 */
@NullMarked
package resonance.evaluation.search;

import org.jspecify.annotations.NullMarked;
