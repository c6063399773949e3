package resonance.transformer.training;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.Precision;

/**
 * Runs a decoder forward over batches: logits, likely next tokens and losses, without dropout.
 *
 * <p>Rows are shared among worker threads in passes of about {@value BatchPasses#PASS_TOKENS} tokens. Weights are read anew at
 * every call, so an evaluator made once sees what a {@link Trainer} has changed since. Owns native memory beside the
 * decoder's; close it before the decoder. Not thread safe.
 */
public final class DecoderEvaluator implements AutoCloseable {
    /**
     * What a decoder makes of a batch, all row-major (B, T).
     *
     * @param predictions the most likely token after each position
     * @param negativeLogLikelihoods −ln p of each target, nats; 0 where the target is ignored
     */
    @SuppressWarnings("ArrayRecordComponent") // a bundle of large vectors that is handed on, never compared
    public record Evaluation(int[] predictions, float[] negativeLogLikelihoods) {}

    private final Decoder decoder;
    private final BatchPasses passes;

    /**
     * @param encoding the position encoding to run with; may differ from the one of training
     * @param positions how many positions, from 0 on, the tokens to come stand at: T of the longest sequence, where batches have no
     *     positions of their own
     */
    public DecoderEvaluator(
            Decoder decoder, PositionEncoding encoding, int positions, Precision precision, int threads) {
        this.decoder = decoder;
        passes = new BatchPasses(decoder, encoding, positions, precision, ActivationMemory.BY_SIZE, threads, false);
    }

    /** Predictions and losses of a batch. */
    public Evaluation evaluate(TokenBatch batch) {
        int[] predictions = new int[batch.inputs().length];
        float[] losses = new float[batch.inputs().length];
        forEachPass(
                batch,
                (pass, offset) -> pass.losses(batch, offset, (logits, negativeLogLikelihoods, first) -> {
                    Tensor likely =
                            torch.argmax(logits, new LongOptional(1), false).cpu();
                    long[] ids = new long[Math.toIntExact(likely.numel())];
                    new LongPointer(likely.data_ptr()).get(ids);
                    for (int i = 0; i < ids.length; i++) {
                        predictions[offset + first + i] = (int) ids[i];
                    }
                    Tensor negative = negativeLogLikelihoods.cpu();
                    new FloatPointer(negative.data_ptr()).get(losses, offset + first, ids.length);
                }));
        return new Evaluation(predictions, losses);
    }

    /** Logits of a batch, row-major (B, T, V). */
    public float[] logits(TokenBatch batch) {
        int vocabulary = decoder.config().vocabularySize();
        float[] all = new float[Math.multiplyExact(batch.inputs().length, vocabulary)];
        forEachPass(
                batch,
                (pass, offset) -> pass.losses(batch, offset, (logits, negativeLogLikelihoods, first) -> {
                    Tensor values = logits.cpu();
                    new FloatPointer(values.data_ptr())
                            .get(all, (offset + first) * vocabulary, Math.toIntExact(values.numel()));
                }));
        return all;
    }

    @FunctionalInterface
    private interface PassResult {
        void accept(DecoderPass pass, int offset);
    }

    private void forEachPass(TokenBatch batch, PassResult result) {
        passes.refresh(0, decoder.layout().size());
        passes.forEach(batch, (worker, index, pass, offset) -> {
            pass.forward(batch, offset, null);
            result.accept(pass, offset);
        });
    }

    @Override
    public void close() {
        passes.close();
    }
}
