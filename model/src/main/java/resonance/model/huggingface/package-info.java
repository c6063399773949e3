/**
 * Hugging Face model folders: {@code config.json}, {@code *.safetensors} and {@code tokenizer.json}.
 *
 * <p>{@link resonance.model.huggingface.HuggingFaceModel} opens a folder. What the configuration says becomes a {@link
 * resonance.model.ModelDescription}, as transformers 5.18.0 understands it; a setting that would change the computation
 * and that isn't known here is refused by its key, never ignored. Position encodings are read by {@code
 * resonance.rope.huggingface}.
 *
 * <p>{@code SafetensorsFile} maps one file of tensors:
 *
 * <pre>
 *   uint64    length of the header in bytes, little-endian
 *   header    UTF-8 JSON: name to {"dtype", "shape", "data_offsets": [begin, end]}, and "__metadata__"
 *   data      tensors, little-endian and row-major; offsets count from here, without overlaps or holes </pre>
 *
 * <p>{@link resonance.model.huggingface.SafetensorsWriter} writes one. Everything read is taken for hostile: sizes,
 * offsets and shapes are checked against the file before anything is allocated for them, and the only exception that
 * a damaged file causes is {@link resonance.model.ModelFormatException}.
 */
@NullMarked
package resonance.model.huggingface;

import org.jspecify.annotations.NullMarked;
