/**
 * Tokenizers of models on disk, run by the Hugging Face tokenizers library.
 *
 * <p>A folder's {@code tokenizer.json} is opened by {@link resonance.model.tokenizer.HuggingFaceTokenizer}; the metadata
 * of a GGUF file, held in a {@link resonance.model.tokenizer.GgufVocabulary}, is made into the same by
 * {@link resonance.model.tokenizer.GgufTokenizers}. {@link resonance.model.tokenizer.StreamingText} turns tokens into
 * text one by one.
 *
 * <p>The library is native code that ends the process when it meets what it did not expect, so a file never reaches it:
 * what is known and within limits is read, checked, and written anew. That leaves byte-pair models (all the
 * architectures of this project have one) with the normalisers, pre-tokenizers, decoders and regular expressions of
 * published models; anything else is refused by name.
 */
@NullMarked
package resonance.model.tokenizer;

import org.jspecify.annotations.NullMarked;
