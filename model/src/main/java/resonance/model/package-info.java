/** Language models as files: Hugging Face folders and GGUF, their weights, tokenizers and encodings. */
@NullMarked
package resonance.model;

import org.jspecify.annotations.NullMarked;
