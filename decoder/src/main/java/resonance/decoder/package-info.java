/**
 * The vocabulary of a decoder-only Transformer, for all who read, run, train or write one: pure Java, no numbers in it.
 *
 * <ul>
 *   <li>{@link resonance.decoder.DecoderConfig}: every size and choice, in parts: {@link resonance.decoder.AttentionShape},
 *       {@link resonance.decoder.AttentionKind} of each layer, {@link resonance.decoder.FeedForwardShape}, {@link
 *       resonance.decoder.NormSettings}, {@link resonance.decoder.EmbeddingSettings}.
 *   <li>{@link resonance.decoder.Parameter}: one parameter by {@linkplain resonance.decoder.ParameterRole role}, layer and
 *       shape. Whoever handles parameters asks the configuration for them and goes by the role; a name is for people and
 *       files only.
 *   <li>{@link resonance.decoder.ParameterLayout}: where they lie in one flat vector, and which of them are trained.
 *   <li>{@link resonance.decoder.WeightSource}: where their values come from.
 * </ul>
 *
 * <p>Rotary pairs are interleaved everywhere (features 2i and 2i+1 of a head); who reads or writes files of half-split
 * models permutes the rows of queries and keys. Norm weights are the whole factor.
 */
package resonance.decoder;
