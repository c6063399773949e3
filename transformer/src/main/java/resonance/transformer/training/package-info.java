/**
 * Training a decoder with gradients written by hand, and measuring it on the way. A caller sees plain Java values:
 *
 * <ul>
 *   <li>{@link resonance.transformer.training.Decoder}: the parameters, one flat vector laid out by {@link
 *       resonance.decoder.ParameterLayout}, all or some of them trained, or low-rank adapters in their place.
 *   <li>{@link resonance.transformer.training.Trainer}: AdamW steps on {@link resonance.transformer.training.TokenBatch}es, with a
 *       {@link resonance.transformer.training.LearningRateSchedule}, and within the memory that {@link
 *       resonance.transformer.training.ActivationMemory} allows.
 *   <li>{@link resonance.transformer.training.TrainingLoop}: all steps of a training, with its curve, progress and checkpoints,
 *       for a {@link resonance.transformer.training.TrainingClient} that gives the batches and measures.
 *   <li>{@link resonance.transformer.training.DecoderEvaluator}: predictions, losses, logits.
 *   <li>{@link resonance.transformer.training.Checkpoint}: a trainer's state in a file.
 * </ul>
 *
 * <h2>How it is fast</h2>
 *
 * <p>A batch is cut into passes of about a thousand tokens and each worker thread takes whole passes through the model and
 * back, with LibTorch's and OpenBLAS's own pools set to one thread. So no operator waits for another thread, no pools
 * fight, and what one operator writes is still in a cache when the next one reads it. All tensors of a pass are allocated
 * once ({@code PassShape}, {@code DecoderPass}); a step allocates nothing of size. The products of attention go straight to
 * OpenBLAS ({@code BlasCausalProducts}); dropout masks are made by vectorised Java loops ({@code DropoutMasks}). {@code
 * docs/performance.md} has the figures and what else was tried.
 *
 * <h2>How it is small</h2>
 *
 * <p>Short texts keep everything. Long ones need not ({@code PassPlan} has the rule): attention goes by blocks of queries ({@code
 * BlockedAttention}), blocks are recomputed for their gradient ({@code DecoderPass}), the feed-forward and the head take runs of
 * rows ({@code FeedForward}, {@code CrossEntropy}). Beside the parameters a pass then has L·D floats a token, and a few dozen D more.
 *
 * <p>{@code Decoder}, {@code Trainer} and {@code DecoderEvaluator} each own native memory: close them, the decoder last.
 *
 * <h2>Notation in comments</h2>
 *
 * <p>B sequences, T tokens of a sequence, N = B·T, D width, H query heads, K key/value heads, G = H/K, S head size, F
 * feed-forward width, V vocabulary, P parameters. Tensors are row-major; pairs of rotary features are interleaved.
 */
@org.jspecify.annotations.NullMarked
package resonance.transformer.training;
