package resonance.transformer.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductShape;
import resonance.transformer.tensor.TensorArena;

/**
 * Trains a decoder by AdamW on the mean cross-entropy of each batch.
 *
 * <p>Gradients, optimiser state and {@link TrainerState} are of the trained parameters alone; frozen ones stay as they are, to
 * the bit.
 *
 * <p>A step splits the batch into passes of about {@value BatchPasses#PASS_TOKENS} tokens. Pass i belongs to worker i mod threads;
 * each worker adds its passes' gradients into a vector of its own. The vectors are then summed and AdamW is applied,
 * each worker on its slice of the parameters. Which worker does what is fixed, and every random number depends on seed, step and
 * pass alone: the same seed, threads and machine give the same losses bit for bit.
 *
 * <p>Owns native memory beside the decoder's; close it before the decoder. Not thread safe.
 */
public final class Trainer implements AutoCloseable {
    /** What PyTorch adds to a norm that it divides by. */
    private static final double NORM_EPSILON = 1e-6;

    private static final int LARGE_VOCABULARY = 8192;

    /** Parameters that are updated together: whole vectors of a CPU, and few enough that a core's cache holds all that is of them. */
    private static final long UPDATED_TOGETHER = 1 << 16;

    /** Elements of the state copied at a time. */
    private static final int CHUNK = 1 << 20;

    private final Decoder decoder;
    private final TrainerSettings settings;
    private final BatchPasses passes;
    private final Tensor firstMoments; // (trained P)
    private final Tensor secondMoments; // (trained P)
    private final List<Gradients> gradients = new ArrayList<>(); // of each worker
    private long step;

    /** One worker's gradient vector and masks. */
    private static final class Gradients {
        final Tensor flat; // (trained P)
        final Tensor scratch; // (UPDATED_TOGETHER)
        final DecoderTensors views;
        final @Nullable DropoutMasks masks;
        double loss;
        double square; // of the norm of the worker's slice of the sum

        Gradients(ParameterLayout layout, TensorArena arena) {
            double dropout = layout.config().dropout();
            flat = arena.zeros(ScalarType.Float, layout.trainedSize());
            scratch = arena.floats(UPDATED_TOGETHER);
            views = DecoderTensors.views(layout, flat, arena);
            masks = dropout > 0 ? new DropoutMasks(dropout, arena.device()) : null;
        }
    }

    /** The product that a worker's pass over its share of a batch on the CPU is mostly like. */
    public static ProductShape product(DecoderConfig config, int rows, int length, int threads) {
        return new ProductShape(
                BatchPasses.passRows(rows, length, threads) * length,
                config.width(),
                config.feedForward().width(),
                true);
    }

    /**
     * The format of the head's products in training: the decoder's own where the vocabulary is large enough for them to matter,
     * else float32.
     */
    public static Precision headPrecision(DecoderConfig config, Precision precision) {
        return config.vocabularySize() >= LARGE_VOCABULARY ? precision : Precision.FLOAT32;
    }

    /**
     * @param decoder the decoder to train; its parameters change with every step
     * @param encoding the position encoding that is on in training
     * @param positions how many positions, from 0 on, the tokens to come stand at: T of the longest sequence, where batches have no
     *     positions of their own
     */
    public Trainer(Decoder decoder, PositionEncoding encoding, int positions, TrainerSettings settings) {
        this.decoder = decoder;
        this.settings = settings;
        ParameterLayout layout = decoder.layout();
        passes = new BatchPasses(
                decoder, encoding, positions, settings.precision(), settings.activations(), settings.threads(), true);
        passes.refresh(0, layout.size());
        firstMoments = passes.arena.zeros(ScalarType.Float, layout.trainedSize());
        secondMoments = passes.arena.zeros(ScalarType.Float, layout.trainedSize());
        for (int i = 0; i < passes.workers.count(); i++) {
            gradients.add(new Gradients(layout, passes.arena));
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
        passes.workers.run(this::sumGradients);
        double clipping = settings.maximumGradientNorm().isPresent()
                ? Math.min(1, settings.maximumGradientNorm().getAsDouble() / (gradientNorm() + NORM_EPSILON))
                : 1;
        passes.workers.run(worker -> update(worker, clipping, learningRate, beta1));
        step++;
        return loss;
    }

    /** ‖g‖ of the summed gradient. */
    private double gradientNorm() {
        double square = 0;
        for (Gradients share : gradients) {
            square += share.square;
        }
        return Math.sqrt(square);
    }

    /** Mean loss of a batch and, in the workers' vectors, its gradient. */
    private double accumulateGradients(TokenBatch batch) {
        float weight = 1f / Math.max(1, batch.scored());
        gradients.forEach(share -> share.loss = 0);
        passes.forEach(batch, (worker, index, pass, offset) -> {
            Gradients own = gradients.get(worker);
            if (own.masks != null) {
                own.masks.seed(settings.seed() * 0x9E3779B97F4A7C15L + (step << 20) + index);
            }
            pass.forward(batch, offset, own.masks);
            own.loss += pass.loss(batch, offset, weight, own.views);
            pass.backward(own.views);
        });
        double loss = 0;
        for (Gradients share : gradients) {
            loss += share.loss;
        }
        return loss;
    }

    /** Sums the workers' gradients of one slice into the first worker's. */
    private void sumGradients(int worker) {
        long from = sliceStart(worker);
        long size = sliceStart(worker + 1) - from;
        Tensor sum = gradients.get(0).flat.narrow(0, from, size);
        for (Gradients other : gradients.subList(1, gradients.size())) {
            sum.add_(other.flat.narrow(0, from, size));
        }
        if (settings.maximumGradientNorm().isPresent()) {
            double norm = torch.linalg_vector_norm(
                            sum,
                            new Scalar(2.0),
                            new LongArrayRefOptional(),
                            false,
                            new ScalarTypeOptional(ScalarType.Double))
                    .item_double();
            gradients.get(worker).square = norm * norm;
        }
    }

    /** Applies AdamW to one slice and clears the gradients, part by part: what one operator wrote the next finds in a cache. */
    private void update(int worker, double clipping, double learningRate, double beta1) {
        long to = sliceStart(worker + 1);
        for (long from = sliceStart(worker); from < to; from += UPDATED_TOGETHER) {
            try (PointerScope scope = new PointerScope()) {
                update(worker, from, Math.min(UPDATED_TOGETHER, to - from), clipping, learningRate, beta1);
            }
        }
    }

    private void update(int worker, long from, long size, double clipping, double learningRate, double beta1) {
        Tensor sum = gradients.get(0).flat.narrow(0, from, size);
        if (clipping < 1) {
            sum.mul_(new Scalar(clipping));
        }
        settings.optimiser()
                .update(
                        decoder.flat.narrow(0, from, size),
                        sum,
                        firstMoments.narrow(0, from, size),
                        secondMoments.narrow(0, from, size),
                        gradients.get(worker).scratch.narrow(0, 0, size),
                        step,
                        learningRate,
                        beta1);
        for (Gradients any : gradients) {
            any.flat.narrow(0, from, size).zero_();
        }
        passes.refresh(from, size);
    }

    private long sliceStart(int worker) {
        return decoder.layout().trainedSize() * worker / passes.workers.count();
    }

    /**
     * The trained parameters, the optimiser's state and the step, to be put back by {@link #restore}. Its vectors are this trainer's own
     * memory: what is to outlive the next step is written or copied before.
     */
    public TrainerState state() {
        return new TrainerState(
                step,
                new TensorVector(decoder.flat, decoder.layout().trainedSize()),
                new TensorVector(firstMoments, firstMoments.numel()),
                new TensorVector(secondMoments, secondMoments.numel()));
    }

    /**
     * The beginning of a tensor.
     *
     * @param size elements of it
     */
    private record TensorVector(Tensor tensor, long size) implements FloatVector {
        @Override
        public void copy(long first, int count, float[] target) {
            try (PointerScope scope = new PointerScope()) {
                Tensor part = tensor.narrow(0, first, count).cpu();
                new FloatPointer(part.data_ptr()).get(target, 0, count);
            }
        }

        /** Overwrites the elements with another's, of the same size. */
        void fill(FloatVector other) throws IOException {
            float[] chunk = new float[(int) Math.min(size, CHUNK)];
            for (long first = 0; first < size; first += CHUNK) {
                int count = (int) Math.min(CHUNK, size - first);
                other.copy(first, count, chunk);
                HostCopy.into(tensor, first, chunk, count);
            }
        }
    }

    /**
     * Puts trained parameters, optimiser state and step back as they were; frozen parameters are left as they are.
     *
     * @throws IOException if the state is in a file that can't be read; the trainer is of no use then
     */
    public void restore(TrainerState state) throws IOException {
        long trained = decoder.layout().trainedSize();
        if (state.parameters().size() != trained) {
            throw new IllegalArgumentException("state must be of " + trained + " trained parameters, was of "
                    + state.parameters().size());
        }
        new TensorVector(decoder.flat, trained).fill(state.parameters());
        new TensorVector(firstMoments, trained).fill(state.firstMoments());
        new TensorVector(secondMoments, trained).fill(state.secondMoments());
        step = state.step();
        passes.refresh(0, decoder.layout().size());
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

    /**
     * Mean loss of a batch as the next step would find it, dropout included; changes nothing. Takes the time of a step but for the
     * optimiser's, since the gradient is made too.
     */
    public double loss(TokenBatch batch) {
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
        passes.close();
    }
}
