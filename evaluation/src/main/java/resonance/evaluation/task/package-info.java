/**
 * What benchmarks of questions and answers have in common: the contract between a suite, which makes questions and scores
 * answers, and whoever asks a model. Nothing here runs a model.
 *
 * <p><b>A suite</b> ({@link resonance.evaluation.task.TaskSuite}) opens its {@linkplain resonance.evaluation.task.Task tasks}
 * from a folder or a seed. A task gives its first questions for a length, a tokenizer
 * ({@link resonance.evaluation.task.TextTokens}) and a {@linkplain resonance.evaluation.task.PromptStyle style}: prompts are
 * whole when they leave the suite, shortened by its own rule.
 *
 * <p><b>A question</b> ({@link resonance.evaluation.task.TaskQuestion}) has a {@link resonance.evaluation.task.TaskPrompt}, or a
 * few that are asked each by itself. Neighbouring questions about one document may begin with the same text; whoever asks finds
 * that out from the tokens.
 *
 * <p><b>A score</b> ({@link resonance.evaluation.task.TaskScoring}) is a pure function of the answers and the
 * {@linkplain resonance.evaluation.task.TaskReference reference}, which are kept together, so that answers can be scored again
 * without the model and without the suite's data.
 *
 * <p>{@link resonance.evaluation.task.PythonText} and {@link resonance.evaluation.task.PythonNumber} are what the benchmarks'
 * own scripts take from Python.
 */
@NullMarked
package resonance.evaluation.task;

import org.jspecify.annotations.NullMarked;
