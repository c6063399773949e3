/**
 * Running a decoder whose weights stay as they are, on texts of any length: a {@link
 * resonance.transformer.inference.FrozenDecoder} scores {@link resonance.transformer.inference.TokenWindow}s and starts {@link
 * resonance.transformer.inference.DecodingSession}s, which read a text and continue it.
 *
 * <p>It has a forward pass of its own: training keeps every activation and all (T, T) attention scores, inference keeps
 * neither, so its memory does not grow with the square of the text. What they compute is the same, and tested to be.
 */
@org.jspecify.annotations.NullMarked
package resonance.transformer.inference;
