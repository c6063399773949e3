/**
 * Language models run and measured beyond their trained length.
 *
 * <ul>
 *   <li>{@link resonance.language.LanguageModel}: a model's file, tokenizer and weights, ready to run.
 *   <li>{@link resonance.language.PerplexityStudy}: perplexity of texts for every length and encoding.
 *   <li>{@link resonance.language.PasskeyStudy}: retrieval of a hidden number for every length, depth and encoding.
 *   <li>{@link resonance.language.TaskStudy}: a benchmark's questions, answered for every length and encoding.
 *   <li>{@link resonance.language.TextGenerator}: continues a text, greedily or by {@link resonance.language.Sampler}.
 * </ul>
 *
 * <p>The encodings of a run, each a {@link resonance.model.EncodingChoice}, share everything else: one loading of the weights, the same windows and prompts. So
 * differences between encodings are paired.
 *
 * <p>Runs keep every finished cell as a file and find it again by what can change it, the frequencies themselves
 * included. The same command again runs only what is missing; a run that was stopped and continued ends with the same
 * losses as one that was not. Progress is a share of estimated work: products with weights for every token and attention
 * for every pair of tokens.
 */
@NullMarked
package resonance.language;

import org.jspecify.annotations.NullMarked;
