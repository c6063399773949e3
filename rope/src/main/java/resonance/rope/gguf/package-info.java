/**
 * Position encodings as the keys and tensors of GGUF files say them, read without a file reader: an engine gives the metadata that
 * it has, as a plain map, and gets frequencies.
 *
 * <p>{@link resonance.rope.gguf.GgufPositions} reads what llama.cpp reads, and nothing that it leaves unread; {@link
 * resonance.rope.gguf.EngineArchitecture} says how an architecture pairs the dimensions of a head; {@link
 * resonance.rope.gguf.EngineScaling} is what llama.cpp then computes.
 *
 * <pre>{@code
 * GgufPositions positions = GgufPositions.read(metadata, Map.of("rope_freqs.weight", divisors));
 * RotaryTable table = RotaryTable.of(positions.full().frequencies(contextLength));
 * table.fill(0, contextLength, cosines, sines); // both (contextLength, pairs), times llama.cpp's magnitude
 * }</pre>
 */
package resonance.rope.gguf;
