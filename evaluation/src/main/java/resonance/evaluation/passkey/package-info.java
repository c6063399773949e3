/**
 * Passkey retrieval: a number is hidden in a long text of filler, and the model is asked for it at the end. Nothing here
 * runs a model; answers come in as text.
 *
 * <p><b>From a plan to a result.</b> A {@link resonance.evaluation.passkey.PasskeyPlan} lists the
 * {@linkplain resonance.evaluation.passkey.PasskeyTask tasks}, the same for every encoding. Each makes a
 * {@link resonance.evaluation.passkey.PasskeyPrompt} that fits its length as the caller counts tokens. What the model wrote
 * after it, scored by {@link resonance.evaluation.passkey.PasskeyAnswer}, is a
 * {@link resonance.evaluation.passkey.PasskeyTrial}, which is what a run keeps on disk. A
 * {@link resonance.evaluation.passkey.PasskeyRecord} merges the trials of a place, and
 * {@link resonance.evaluation.passkey.PasskeyResults} are the records of a plan.
 * {@link resonance.evaluation.passkey.PasskeyReport} prints them and makes a page of them.
 *
 * <p><b>Two measures.</b> An answer is right or wrong as in YaRN's script. A small model that was never taught to answer
 * questions fails most of them, so a trial also holds the loss of the key's own tokens after the question: a model that
 * finds the key in the text finds its digits likely.
 */
@NullMarked
package resonance.evaluation.passkey;

import org.jspecify.annotations.NullMarked;
