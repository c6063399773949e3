/**
 * Which encoding takes a model to a length: candidates that are measured on more and more text, of which losers are dropped early,
 * and what is told of those that are left.
 *
 * <p>{@link resonance.evaluation.extension.ExtensionPlan} says what could be measured, {@link
 * resonance.evaluation.extension.ExtensionSelection} what follows from the results so far: what is to be measured next, what is
 * dropped, and what is taken. {@link resonance.evaluation.extension.ExtensionReport} shows it.
 */
@NullMarked
package resonance.evaluation.extension;

import org.jspecify.annotations.NullMarked;
