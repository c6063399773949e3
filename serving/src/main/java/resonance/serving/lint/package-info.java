/**
 * Tells what stock engines will silently ignore or misread in a model's position settings.
 *
 * <p>{@link resonance.serving.lint.Linter} reads a Hugging Face configuration or a GGUF file raw, key by key, as each
 * {@link resonance.serving.lint.Engine} would, and reports {@link resonance.serving.lint.Finding}s: one for every
 * {@link resonance.serving.lint.LintRule} that the model runs into. What the engines do was executed, with scripts beside the tests
 * (transformers 4.57.6 and 5.18.0, vLLM 0.33.0's rotary classes, llama.cpp 0.5.0's converter, llama.cpp through node-llama-cpp
 * 3.22.1), or read in their sources; {@code docs/lint.md} says which for each rule. The same scripts wrote down which models an engine
 * knows; of any other nothing is said, and it is not checked.
 *
 * <p>A configuration is first laid out as an engine finds it, a LayerReading for every layer type; rules then look at that,
 * grouped by what they are about: where keys stand, which keys are there, what a scaling comes to, and where vLLM or the
 * converter differ. A value of the wrong type is one finding and counts as absent for every other rule, so no file ends in
 * an exception.
 */
@NullMarked
package resonance.serving.lint;

import org.jspecify.annotations.NullMarked;
