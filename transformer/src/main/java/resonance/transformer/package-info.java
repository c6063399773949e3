/**
 * A decoder-only Transformer with rotary positions on LibTorch: training and inference with gradients written by hand.
 *
 * <p>This is the only package that touches native tensors. A caller sees plain Java values:
 *
 * <ul>
 *   <li>{@link resonance.transformer.DecoderConfig}: every size and choice; T5-style and LLaMA-style decoders are the same
 *       code.
 *   <li>{@link resonance.transformer.Decoder}: the parameters, one flat vector laid out by {@link
 *       resonance.transformer.ParameterLayout}.
 *   <li>{@link resonance.transformer.Trainer}: AdamW steps on {@link resonance.transformer.TokenBatch}es.
 *   <li>{@link resonance.transformer.DecoderEvaluator}: predictions, losses, logits.
 *   <li>{@link resonance.transformer.Checkpoint}: a trainer's state in a file.
 * </ul>
 *
 * <h2>How it is fast</h2>
 *
 * <p>A batch is cut into passes of about a thousand tokens and each worker thread takes whole passes through the model and
 * back, with LibTorch's and OpenBLAS's own pools set to one thread. So no operator waits for another thread, no pools
 * fight, and what one operator writes is still in a cache when the next one reads it. All tensors of a pass are allocated
 * once ({@code PassShape}, {@code DecoderPass}); a step allocates nothing of size. The products of attention go straight to
 * OpenBLAS ({@code BlasCausalProducts}); dropout masks are made by vectorised Java loops ({@code DropoutMasks}). {@code docs/performance.md} has the figures and what else was tried.
 *
 * <h2>Who owns native memory</h2>
 *
 * <p>A {@code TensorArena} owns what outlives an operation and frees it when closed; everything else dies with the
 * {@code PointerScope} around the operation. {@code Decoder}, {@code Trainer} and {@code DecoderEvaluator} each own an
 * arena: close them, the decoder last.
 *
 * <h2>Notation in comments</h2>
 *
 * <p>B sequences, T tokens of a sequence, N = B·T, D width, H query heads, K key/value heads, G = H/K, S head size, F
 * feed-forward width, V vocabulary, P parameters. Tensors are row-major; pairs of rotary features are interleaved.
 */
@org.jspecify.annotations.NullMarked
package resonance.transformer;
