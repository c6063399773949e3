/**
 * Adapts a language model to a position encoding by a short training, and writes it with that encoding.
 *
 * <ul>
 *   <li>{@link resonance.language.finetuning.FineTuning}: the whole way from a model and texts to a folder, with checkpoints.
 *   <li>{@link resonance.language.finetuning.FineTuningSettings} and {@link resonance.language.finetuning.Recipe}: everything
 *       that decides the result; the paper's recipes and PoSE's are presets.
 *   <li>{@link resonance.language.finetuning.PositionScheme}: real long windows, or skipped positions.
 *   <li>{@link resonance.language.finetuning.FineTuningRecord}: how a model came about, in its {@code training.json}.
 * </ul>
 *
 * <h2>What happens to the texts</h2>
 *
 * <p>Each document becomes tokens between the ones that begin and end a text in the model's family. A part is held out for
 * validation; the rest is packed into windows. Documents in one window do not see each other unless they are joined.
 *
 * <p>Same model, texts, settings, machine: same result, bit for bit, whether the run was interrupted or not.
 */
@NullMarked
package resonance.language.finetuning;

import org.jspecify.annotations.NullMarked;
