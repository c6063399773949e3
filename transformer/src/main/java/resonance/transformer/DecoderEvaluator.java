package resonance.transformer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.rope.RopeFrequencies;

/**
 * Runs a decoder forward over batches: logits, likely next tokens and losses, without dropout.
 *
 * <p>Rows are shared among worker threads in passes of about {@value Trainer#PASS_TOKENS} tokens. Weights are read anew at
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
    private final Precision precision;
    private final HeadRotation rotation;
    private final Workers workers;
    private final TensorArena arena;
    private final DecoderWeights weights;
    private final Tensor computeFlat;
    private final DecoderWeights computeWeights;
    private final List<PassCache> passes = new ArrayList<>();

    /**
     * @param frequencies the position encoding to run with; may differ from the one of training
     * @param longest tokens of the longest sequence to come
     */
    public DecoderEvaluator(
            Decoder decoder, RopeFrequencies frequencies, int longest, Precision precision, int threads) {
        Trainer.requireHeadSize(decoder.config(), frequencies);
        this.decoder = decoder;
        this.precision = precision;
        DecoderConfig config = decoder.config();
        ComputeDevice device = decoder.device();
        rotation = new HeadRotation(config, frequencies, longest, false, device);
        workers = new Workers(device == ComputeDevice.CPU ? threads : 1);
        arena = new TensorArena(device);
        weights = new DecoderWeights(config, decoder.layout(), decoder.flat, arena);
        boolean same = precision == Precision.FLOAT32;
        computeFlat = same
                ? decoder.flat
                : arena.empty(precision.scalarType(), decoder.layout().size());
        computeWeights = same ? weights : new DecoderWeights(config, decoder.layout(), computeFlat, arena);
        for (int i = 0; i < workers.count(); i++) {
            passes.add(new PassCache(config, precision, false, device));
        }
    }

    /** Predictions and losses of a batch. */
    public Evaluation evaluate(TokenBatch batch) {
        int[] predictions = new int[batch.inputs().length];
        float[] losses = new float[batch.inputs().length];
        forEachPass(batch, (pass, logits, offset) -> {
            Tensor likely = torch.argmax(logits, new LongOptional(1), false).cpu();
            long[] ids = new long[Math.toIntExact(likely.numel())];
            new LongPointer(likely.data_ptr()).get(ids);
            for (int i = 0; i < ids.length; i++) {
                predictions[offset + i] = (int) ids[i];
            }
            Tensor negative =
                    pass.negativeLogLikelihoods(batch.targets(), offset, 1).cpu();
            new FloatPointer(negative.data_ptr()).get(losses, offset, ids.length);
        });
        return new Evaluation(predictions, losses);
    }

    /** Logits of a batch, row-major (B, T, V). */
    public float[] logits(TokenBatch batch) {
        int vocabulary = decoder.config().vocabularySize();
        float[] all = new float[Math.multiplyExact(batch.inputs().length, vocabulary)];
        forEachPass(batch, (pass, logits, offset) -> {
            Tensor values = logits.cpu();
            new FloatPointer(values.data_ptr()).get(all, offset * vocabulary, Math.toIntExact(values.numel()));
        });
        return all;
    }

    @FunctionalInterface
    private interface PassResult {
        void accept(DecoderPass pass, Tensor logits, int offset);
    }

    private void forEachPass(TokenBatch batch, PassResult result) {
        if (batch.length() > rotation.positions) {
            throw new IllegalArgumentException(
                    "batch length must be at most " + rotation.positions + " tokens, was " + batch.length());
        }
        if (precision != Precision.FLOAT32) {
            try (PointerScope scope = new PointerScope()) {
                computeFlat.copy_(decoder.flat);
            }
        }
        int share = (batch.rows() + workers.count() - 1) / workers.count();
        int passRows = Math.max(1, Math.min(share, Trainer.PASS_TOKENS / batch.length()));
        workers.run(worker -> {
            PassCache own = passes.get(worker);
            for (int pass = worker; (long) pass * passRows < batch.rows(); pass += workers.count()) {
                int firstRow = pass * passRows;
                int rows = Math.min(passRows, batch.rows() - firstRow);
                int offset = firstRow * batch.length();
                try (PointerScope scope = new PointerScope()) {
                    DecoderPass run = own.pass(rows, batch.length());
                    Tensor mask = own.causalMask(batch.length());
                    Tensor logits = run.forward(batch.inputs(), offset, weights, computeWeights, rotation, mask, null);
                    result.accept(run, logits, offset);
                }
            }
        });
    }

    @Override
    public void close() {
        workers.close();
        passes.forEach(PassCache::close);
        rotation.close();
        arena.close();
    }
}
