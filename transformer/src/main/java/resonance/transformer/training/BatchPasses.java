package resonance.transformer.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;
import resonance.transformer.tensor.Workers;

/**
 * Takes batches through a decoder in passes of about {@value #PASS_TOKENS} tokens, shared among worker threads.
 *
 * <p>Pass i belongs to worker i mod threads, and each worker makes its passes once for each shape met. Owns native memory
 * beside the decoder's.
 */
final class BatchPasses implements AutoCloseable {
    /** Tokens of one pass: few enough that the caches still hold an operator's result for the next, enough for full products. */
    static final int PASS_TOKENS = 1024;

    /** What is done with each pass, on the thread of its worker. */
    interface Action {
        /**
         * Runs the pass over its share of the batch.
         *
         * @param index of the pass in the batch
         * @param offset of its first token in the batch
         */
        void accept(int worker, int index, DecoderPass pass, int offset);
    }

    final Workers workers;
    final TensorArena arena;

    private final Decoder decoder;
    private final Precision precision;
    private final boolean training;
    private final ActivationMemory activations;
    private final long memory = MachineMemory.now().total();
    private final TrainingPositions tables;
    private final DecoderTensors weights;
    private final Tensor computeFlat; // (P) of the compute type; the decoder's own in float32
    private final DecoderTensors computeWeights;
    private final List<Passes> passes = new ArrayList<>(); // of each worker

    /**
     * @param positions how many positions, from 0 on, the tokens to come stand at
     * @param activations what passes keep for the gradient
     * @param threads on the CPU
     * @param training whether the passes go backward too
     */
    BatchPasses(
            Decoder decoder,
            PositionEncoding encoding,
            int positions,
            Precision precision,
            ActivationMemory activations,
            int threads,
            boolean training) {
        this.decoder = decoder;
        this.activations = activations;
        this.precision = precision;
        this.training = training;
        ComputeDevice device = decoder.device();
        tables = new TrainingPositions(encoding, decoder.config(), positions, training, device);
        workers = new Workers(device == ComputeDevice.CPU ? threads : 1);
        arena = new TensorArena(device);
        weights = DecoderTensors.views(decoder.layout(), decoder.flat, arena);
        boolean same = precision == Precision.FLOAT32;
        computeFlat = same
                ? decoder.flat
                : arena.empty(precision.scalarType(), decoder.layout().size());
        computeWeights = same ? weights : DecoderTensors.views(decoder.layout(), computeFlat, arena);
        for (int i = 0; i < workers.count(); i++) {
            passes.add(new Passes());
        }
    }

    /** One worker's passes; all their memory lies in one arena. */
    private final class Passes {
        private record Extents(int rows, int length) {}

        private record Tables(int length, boolean masked) {}

        private final TensorArena own = new TensorArena(decoder.device());
        private final Map<Extents, DecoderPass> made = new HashMap<>();
        private final Map<Tables, PassPositions> encoded = new HashMap<>();

        DecoderPass of(int rows, int length) {
            return made.computeIfAbsent(new Extents(rows, length), key -> make(rows, length));
        }

        private DecoderPass make(int rows, int length) {
            DecoderConfig config = decoder.config();
            PassPlan plan = plan(rows, length);
            boolean masked = !plan.blocksAttention();
            PassPositions plain = encoded.computeIfAbsent(
                    new Tables(length, masked), key -> PassPositions.of(config, tables, length, masked, own));
            return new DecoderPass(
                    new PassShape(config, precision, rows, length, training, plan, own),
                    weights,
                    computeWeights,
                    new RowPositions(config, tables, plain, rows, length, own));
        }
    }

    private PassPlan plan(int rows, int length) {
        boolean onCpu = decoder.device() == ComputeDevice.CPU;
        return PassPlan.of(
                activations,
                new PassPlan.Task(decoder.config(), precision, rows, length, training, onCpu),
                workers.count(),
                memory);
    }

    /**
     * Runs an action on every pass of a batch.
     *
     * @throws IllegalArgumentException if a token stands beyond the positions that were to come, or the batch has positions or
     *     {@code firstSeen} where the decoder can't have them
     */
    void forEach(TokenBatch batch, Action action) {
        tables.requireServes(batch);
        int passRows = passRows(batch);
        workers.run(worker -> {
            for (int pass = worker; (long) pass * passRows < batch.rows(); pass += workers.count()) {
                int firstRow = pass * passRows;
                int rows = Math.min(passRows, batch.rows() - firstRow);
                try (PointerScope scope = new PointerScope()) {
                    DecoderPass run = passes.get(worker).of(rows, batch.length());
                    action.accept(worker, pass, run, firstRow * batch.length());
                }
            }
        });
    }

    private int passRows(TokenBatch batch) {
        if (training && decoder.device() != ComputeDevice.CPU) {
            return batch.rows();
        }
        return passRows(batch.rows(), batch.length(), workers.count());
    }

    /** Rows of one pass on the CPU. */
    static int passRows(int rows, int length, int workers) {
        int share = (rows - 1) / workers + 1;
        return Math.max(1, Math.min(share, PASS_TOKENS / length));
    }

    /** Takes over what has changed of the decoder's parameters. */
    void refresh(long from, long size) {
        if (precision != Precision.FLOAT32) {
            try (PointerScope scope = new PointerScope()) {
                computeFlat.narrow(0, from, size).copy_(decoder.flat.narrow(0, from, size));
            }
        }
    }

    @Override
    public void close() {
        workers.close();
        passes.forEach(worker -> worker.own.close());
        tables.close();
        arena.close();
    }
}
