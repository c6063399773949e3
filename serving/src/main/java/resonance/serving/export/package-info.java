/** Writes a position encoding into a model, so that stock llama.cpp, transformers and vLLM serve the model with it. */
@NullMarked
package resonance.serving.export;

import org.jspecify.annotations.NullMarked;
