/**
 * Language models as files: Hugging Face folders and GGUF, their weights, tokenizers and encodings.
 *
 * <p>A {@link resonance.model.Model} can be run. {@link resonance.model.ModelPositions} is less: what a configuration says of
 * positions, for any model whose encoding is known, with weights or without. Both are read by the same reader.
 */
@NullMarked
package resonance.model;

import org.jspecify.annotations.NullMarked;
