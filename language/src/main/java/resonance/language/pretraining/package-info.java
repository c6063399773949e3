/**
 * Trains a small LLaMA-style language model from nothing but texts, and writes it as a Hugging Face folder.
 *
 * <ul>
 *   <li>{@link resonance.language.pretraining.Pretraining}: the whole way from text files to a folder, with checkpoints.
 *   <li>{@link resonance.language.pretraining.PretrainingSettings} and {@link
 *       resonance.language.pretraining.PretrainedShape}: everything that decides the result.
 *   <li>{@link resonance.language.pretraining.BytePairTrainer}: makes the vocabulary of a byte-level BPE tokenizer.
 *   <li>{@link resonance.language.pretraining.PretrainingRecord}: how a model came about, in its {@code training.json}.
 * </ul>
 *
 * <h2>What happens to the texts</h2>
 *
 * <p>The tokenizer is trained on all of them. Each text then becomes {@code <|endoftext|>} and its tokens; the last part
 * of each is held out for validation. The rest, one text after the other, is cut into sequences of the trained length;
 * a sequence may begin anywhere in a text, and nothing marks its beginning, so the model needs no token in front of a
 * text. An epoch visits the sequences in an order of its own and cuts the texts at other places than the last.
 *
 * <p>Same texts, settings, machine: same model, bit for bit, whether the run was interrupted or not.
 */
@NullMarked
package resonance.language.pretraining;

import org.jspecify.annotations.NullMarked;
