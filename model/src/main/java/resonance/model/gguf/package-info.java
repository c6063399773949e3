/**
 * GGUF files: any of them as keys and tensors, and those of known architectures as models.
 *
 * <p>{@link resonance.model.gguf.GgufModel} opens a model; {@link resonance.model.gguf.GgufFile} opens any file;
 * {@link resonance.model.gguf.GgufWriter} writes one. The layout, all of it little-endian:
 *
 * <pre>
 *   'GGUF', uint32 version (2 or 3), uint64 number of tensors, uint64 number of keys
 *   every key      string name, uint32 type of value, value
 *   every tensor   string name, uint32 number of sizes, uint64 sizes (row length first), uint32 type, uint64 offset
 *   data           begins at a multiple of the alignment, as every tensor does; offsets count from here
 *   string         uint64 length in bytes, UTF-8
 *   array          uint32 type of its elements, uint64 count, elements </pre>
 *
 * <p>The alignment is 32, or the key {@code general.alignment}. Types of values are at {@link
 * resonance.model.gguf.GgufValueType}, types of tensors at {@link resonance.model.gguf.GgmlType}.
 *
 * <p>A file is taken for hostile. Counts and lengths are checked against the bytes that remain before anything is
 * allocated; a header ends within 256 MiB, has at most 65,536 keys and 131,072 tensors, arrays at most 2,097,152 elements
 * and eight levels. Whatever is wrong ends in a {@link resonance.model.ModelFormatException} with file and field.
 */
@NullMarked
package resonance.model.gguf;

import org.jspecify.annotations.NullMarked;
