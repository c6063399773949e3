package resonance.transformer.training;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;
import resonance.transformer.tensor.Workers;

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
    private final TrainingPositions positions;
    private final Workers workers;
    private final TensorArena arena;
    private final DecoderTensors weights;
    private final Tensor computeFlat;
    private final DecoderTensors computeWeights;
    private final List<PassCache> passes = new ArrayList<>();

    /**
     * @param encoding the position encoding to run with; may differ from the one of training
     * @param longest tokens of the longest sequence to come
     */
    public DecoderEvaluator(Decoder decoder, PositionEncoding encoding, int longest, Precision precision, int threads) {
        this.decoder = decoder;
        this.precision = precision;
        DecoderConfig config = decoder.config();
        ComputeDevice device = decoder.device();
        positions = new TrainingPositions(encoding, config, longest, false, device);
        workers = new Workers(device == ComputeDevice.CPU ? threads : 1);
        arena = new TensorArena(device);
        weights = DecoderTensors.views(decoder.layout(), decoder.flat, arena);
        boolean same = precision == Precision.FLOAT32;
        computeFlat = same
                ? decoder.flat
                : arena.empty(precision.scalarType(), decoder.layout().size());
        computeWeights = same ? weights : DecoderTensors.views(decoder.layout(), computeFlat, arena);
        for (int i = 0; i < workers.count(); i++) {
            passes.add(new PassCache(config, precision, false, positions, device));
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
        positions.requireRoom(batch);
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
                    PassPositions encoded = own.positions(batch.length());
                    Tensor logits = run.forward(batch.inputs(), offset, weights, computeWeights, encoded, null);
                    result.accept(run, logits, offset);
                }
            }
        });
    }

    @Override
    public void close() {
        workers.close();
        passes.forEach(PassCache::close);
        positions.close();
        arena.close();
    }
}
