package resonance.transformer.training;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;
import resonance.transformer.tensor.Workers;

/**
 * Trains a decoder by AdamW on the mean cross-entropy of each batch.
 *
 * <p>Gradients, optimiser state and {@link TrainerState} are of the trained parameters alone; frozen ones stay as they are, to
 * the bit.
 *
 * <p>A step splits the batch into passes of about {@value #PASS_TOKENS} tokens. Pass i belongs to worker i mod threads;
 * each worker adds its passes' gradients into a vector of its own. The vectors are then summed and AdamW is applied,
 * each worker on its slice of the parameters. Which worker does what is fixed, and every random number depends on seed, step and
 * pass alone: the same seed, threads and machine give the same losses bit for bit.
 *
 * <p>Owns native memory beside the decoder's; close it before the decoder. Not thread safe.
 */
public final class Trainer implements AutoCloseable {
    /** Tokens of one pass: few enough that the caches still hold an operator's result for the next, enough for full products. */
    static final int PASS_TOKENS = 1024;

    private final Decoder decoder;
    private final TrainerSettings settings;
    private final TrainingPositions positions;
    private final Workers workers;
    private final TensorArena arena;
    private final DecoderTensors weights;
    private final Tensor computeFlat;
    private final DecoderTensors computeWeights;
    private final Tensor firstMoments; // (trained P)
    private final Tensor secondMoments; // (trained P)
    private final List<Gradients> gradients = new ArrayList<>();
    private long step;

    /** One worker's gradient vector, passes and masks. */
    private static final class Gradients implements AutoCloseable {
        final PassCache passes;
        final Tensor flat; // (trained P)
        final Tensor scratch; // (slice)
        final DecoderTensors views;
        final @Nullable DropoutMasks masks;
        double loss;

        Gradients(
                ParameterLayout layout,
                Precision precision,
                TrainingPositions positions,
                ComputeDevice device,
                long slice) {
            DecoderConfig config = layout.config();
            passes = new PassCache(config, precision, true, positions, device);
            flat = passes.arena().zeros(ScalarType.Float, layout.trainedSize());
            scratch = passes.arena().floats(slice);
            views = DecoderTensors.views(layout, flat, passes.arena());
            masks = config.dropout() > 0 ? new DropoutMasks(config.dropout(), device) : null;
        }

        @Override
        public void close() {
            passes.close();
        }
    }

    /**
     * @param decoder the decoder to train; its parameters change with every step
     * @param encoding the position encoding that is on in training
     * @param longest tokens of the longest sequence to come
     */
    public Trainer(Decoder decoder, PositionEncoding encoding, int longest, TrainerSettings settings) {
        this.decoder = decoder;
        this.settings = settings;
        DecoderConfig config = decoder.config();
        ParameterLayout layout = decoder.layout();
        ComputeDevice device = decoder.device();
        positions = new TrainingPositions(encoding, config, longest, true, device);
        workers = new Workers(device == ComputeDevice.CPU ? settings.threads() : 1);
        arena = new TensorArena(device);
        weights = DecoderTensors.views(layout, decoder.flat, arena);
        if (settings.precision() == Precision.FLOAT32) {
            computeFlat = decoder.flat;
            computeWeights = weights;
        } else {
            computeFlat = arena.empty(settings.precision().scalarType(), layout.size());
            computeWeights = DecoderTensors.views(layout, computeFlat, arena);
            refreshComputeWeights();
        }
        firstMoments = arena.zeros(ScalarType.Float, layout.trainedSize());
        secondMoments = arena.zeros(ScalarType.Float, layout.trainedSize());
        for (int i = 0; i < workers.count(); i++) {
            gradients.add(
                    new Gradients(layout, settings.precision(), positions, device, sliceStart(i + 1) - sliceStart(i)));
        }
    }

    /** Steps done so far. */
    public long step() {
        return step;
    }

    /** The learning rate of a step, counted from 0. */
    public double learningRate(long ofStep) {
        return settings.schedule().learningRate(ofStep);
    }

    /** One optimiser step on a batch; returns the batch's mean loss before the step, in nats a token. */
    public double step(TokenBatch batch) {
        double loss = accumulateGradients(batch);
        double learningRate = settings.schedule().learningRate(step);
        double beta1 = settings.schedule().beta1(step, settings.optimiser().beta1());
        workers.run(worker -> update(worker, learningRate, beta1));
        step++;
        return loss;
    }

    /** Mean loss of a batch and, in the workers' vectors, its gradient. */
    private double accumulateGradients(TokenBatch batch) {
        positions.requireRoom(batch);
        float weight = 1f / Math.max(1, batch.scored());
        int passRows = passRows(batch);
        workers.run(worker -> {
            Gradients own = gradients.get(worker);
            own.loss = 0;
            for (int pass = worker; (long) pass * passRows < batch.rows(); pass += workers.count()) {
                int firstRow = pass * passRows;
                int rows = Math.min(passRows, batch.rows() - firstRow);
                try (PointerScope scope = new PointerScope()) {
                    own.loss += passGradient(own, batch, firstRow, rows, pass, weight);
                }
            }
        });
        double loss = 0;
        for (Gradients share : gradients) {
            loss += share.loss;
        }
        return loss;
    }

    private double passGradient(Gradients own, TokenBatch batch, int firstRow, int rows, int index, float weight) {
        DropoutMasks masks = own.masks;
        if (masks != null) {
            masks.seed(settings.seed() * 0x9E3779B97F4A7C15L + (step << 20) + index);
        }
        DecoderPass pass = own.passes.pass(rows, batch.length());
        int offset = firstRow * batch.length();
        PassPositions encoded = own.passes.positions(batch.length());
        pass.forward(batch.inputs(), offset, weights, computeWeights, encoded, masks);
        double loss = pass.negativeLogLikelihoods(batch.targets(), offset, weight)
                .sum()
                .item_double();
        pass.backward(weights, computeWeights, own.views, encoded);
        return loss;
    }

    private int passRows(TokenBatch batch) {
        if (decoder.device() != ComputeDevice.CPU) {
            return batch.rows();
        }
        int share = (batch.rows() + workers.count() - 1) / workers.count();
        return Math.max(1, Math.min(share, PASS_TOKENS / batch.length()));
    }

    /** Sums the gradients of one slice, applies AdamW to it, and clears the gradients. */
    private void update(int worker, double learningRate, double beta1) {
        long from = sliceStart(worker);
        long size = sliceStart(worker + 1) - from;
        Tensor sum = gradients.get(0).flat.narrow(0, from, size);
        for (Gradients other : gradients.subList(1, gradients.size())) {
            sum.add_(other.flat.narrow(0, from, size));
        }
        Tensor parameters = decoder.flat.narrow(0, from, size);
        settings.optimiser()
                .update(
                        parameters,
                        sum,
                        firstMoments.narrow(0, from, size),
                        secondMoments.narrow(0, from, size),
                        gradients.get(worker).scratch,
                        step,
                        learningRate,
                        beta1);
        for (Gradients any : gradients) {
            any.flat.narrow(0, from, size).zero_();
        }
        if (settings.precision() != Precision.FLOAT32) {
            computeFlat.narrow(0, from, size).copy_(parameters);
        }
    }

    private long sliceStart(int worker) {
        return decoder.layout().trainedSize() * worker / workers.count();
    }

    private void refreshComputeWeights() {
        if (settings.precision() != Precision.FLOAT32) {
            try (PointerScope scope = new PointerScope()) {
                computeFlat.copy_(decoder.flat);
            }
        }
    }

    /** The trained parameters, the optimiser's state and the step, to be put back by {@link #restore}. */
    public TrainerState state() {
        return new TrainerState(
                step, decoder.trainedParameters(), HostCopy.of(firstMoments), HostCopy.of(secondMoments));
    }

    /** Puts trained parameters, optimiser state and step back as they were; frozen parameters are left as they are. */
    public void restore(TrainerState state) {
        long trained = decoder.layout().trainedSize();
        if (state.parameters().length != trained) {
            throw new IllegalArgumentException(
                    "state must be of " + trained + " trained parameters, was of " + state.parameters().length);
        }
        try (PointerScope scope = new PointerScope()) {
            HostCopy.into(decoder.flat.narrow(0, 0, trained), state.parameters());
        }
        HostCopy.into(firstMoments, state.firstMoments());
        HostCopy.into(secondMoments, state.secondMoments());
        step = state.step();
        refreshComputeWeights();
    }

    /** Gradient of the mean loss of a batch with respect to the trained parameters, flat; changes nothing. */
    public float[] gradient(TokenBatch batch) {
        accumulateGradients(batch);
        float[] sum = new float[Math.toIntExact(decoder.layout().trainedSize())];
        for (Gradients share : gradients) {
            float[] part = HostCopy.of(share.flat);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part[i];
            }
        }
        clearGradients();
        return sum;
    }

    /** Mean loss of a batch as the next step would find it, dropout included; changes nothing. */
    double loss(TokenBatch batch) {
        double loss = accumulateGradients(batch);
        clearGradients();
        return loss;
    }

    private void clearGradients() {
        try (PointerScope scope = new PointerScope()) {
            for (Gradients share : gradients) {
                share.flat.zero_();
            }
        }
    }

    @Override
    public void close() {
        workers.close();
        gradients.forEach(Gradients::close);
        positions.close();
        arena.close();
    }
}
