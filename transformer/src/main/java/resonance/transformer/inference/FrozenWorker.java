package resonance.transformer.inference;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.position.RotaryTensors;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * The steps of a {@link FrozenDecoder} on one block of rows, with the scratch memory of one worker.
 *
 * <pre>
 *   h       = RmsNorm(x)                                                 (R, D)
 *   q, k, v = h W_qkv^T + b; q, k normed per head if the model does; rotated as the encoding says
 *   x      += [RmsNorm] (attention(q, keys, values) W_o^T)               (R, D)
 *   x      += [RmsNorm] (activation(h W_gate^T) · (h W_up^T)) W_down^T   (R, D)
 * </pre>
 *
 * <p>Legend: R rows of the block, D width, H query heads, K key heads, G = H / K, S head size, F feed-forward width, V
 * vocabulary.
 */
final class FrozenWorker implements AutoCloseable {
    /** Rows of the vocabulary whose logits are made at a time while scoring. */
    private static final int VOCABULARY_RUN = 4096;

    private static final long[] LAST = {-1};

    private final DecoderConfig config;
    private final DecoderTensors weights;
    private final boolean rounds; // whether the compute type is narrower than float32
    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final BlockAttention attention;
    private final Tensor wide; // (R, D) float32
    private final Tensor inverse; // (R, 1)
    private final Tensor narrow; // (R, D) of the compute type; wide itself in float32
    private final Tensor projected; // (R, (H + 2 K) S) of the compute type
    private final Tensor joined; // (R, H S) of the compute type
    private final Tensor branch; // (R, D) of the compute type
    private final Tensor inner; // (R, F or 2 F) of the compute type
    private final Tensor activated; // (R, F) of the compute type
    private final Tensor logits; // (R, VOCABULARY_RUN)

    FrozenWorker(DecoderConfig config, DecoderTensors weights, Precision precision) {
        this.config = config;
        this.weights = weights;
        rounds = precision != Precision.FLOAT32;
        ScalarType compute = precision.scalarType();
        int rows = FrozenPass.BLOCK;
        int d = config.width();
        attention = new BlockAttention(config, precision, rows, arena);
        wide = arena.floats(rows, d);
        inverse = arena.floats(rows, 1);
        narrow = rounds ? arena.empty(compute, rows, d) : wide;
        projected = arena.empty(compute, rows, config.attention().joinedWidth());
        joined = arena.empty(compute, rows, config.attention().queryWidth());
        branch = arena.empty(compute, rows, d);
        inner = arena.empty(compute, rows, config.feedForward().inputWidth());
        activated = config.feedForward().kind().gated()
                ? arena.empty(compute, rows, config.feedForward().width())
                : inner;
        logits = arena.floats(rows, Math.min(VOCABULARY_RUN, config.vocabularySize()));
    }

    /**
     * Bytes of a worker's scratch memory, with what it makes and frees while it works.
     *
     * @param scores whether tokens are scored; memory that nothing touches takes none
     */
    static long bytes(DecoderConfig config, Precision precision, boolean scores) {
        long compute = precision == Precision.FLOAT32 ? 4 : 2;
        long width = config.width();
        long inner = config.feedForward().inputWidth();
        if (config.feedForward().kind().gated()) {
            inner += config.feedForward().width();
        }
        long scored = scores ? 4 * (Math.min(VOCABULARY_RUN, config.vocabularySize()) + 2 * width) : 0;
        long perRow = 4 * width
                + compute
                        * (config.attention().joinedWidth() + config.attention().queryWidth() + width + inner)
                + (compute == 4 ? 0 : compute * width);
        return FrozenPass.BLOCK * (perRow + scored) + BlockAttention.bytes(config, precision, FrozenPass.BLOCK);
    }

    int keyValueHeads() {
        return config.attention().keyValueHeads();
    }

    /** x = scale · E[tokens] + what the encoding adds. */
    void embed(PassSequence.Block block, PassMemory memory, PositionTensors positions) {
        try (PointerScope scope = new PointerScope()) {
            Tensor x = FrozenPass.rows(memory.residual, block);
            Tensor ids = HostCopy.ids(block.sequence().tokens(), block.offset(), block.rows());
            torch.index_select_out(x, weights.embedding, 0, ids);
            if (config.embedding().scale() != 1) {
                x.mul_(new Scalar(config.embedding().scale()));
            }
            Tensor input = positions.input();
            if (input != null) {
                x.add_(input.narrow(0, block.position(), block.rows()));
            }
        }
    }

    /** Queries into the pass's memory, keys and values into the store. */
    void project(
            PassSequence.Block block, PassMemory memory, KeyValueStore store, int layer, PositionTensors positions) {
        try (PointerScope scope = new PointerScope()) {
            DecoderTensors.Block w = weights.blocks.get(layer);
            int r = block.rows();
            int s = config.attention().headSize();
            int k = config.attention().keyValueHeads();
            int g = config.attention().group();
            Tensor h = normed(FrozenPass.rows(memory.residual, block), w.attentionNorm());
            Tensor all = projected.narrow(0, 0, r);
            multiply(all, h, w.queryKeyValue().weight());
            if (config.attention().bias()) {
                all.add_(w.queryKeyValueBias());
            }
            RotaryTensors table = positions.rotation(layer);
            Tensor queries = queries(block, memory.queries); // (K, G, R, S)
            queries.copy_(all.narrow(1, 0, (long) k * g * s).view(r, k, g, s).permute(1, 2, 0, 3));
            Tensor keys = storeRows(store.keys(layer), block); // (K, R, S)
            keys.copy_(
                    all.narrow(1, (long) k * g * s, (long) k * s).view(r, k, s).transpose(0, 1));
            storeRows(store.values(layer), block)
                    .copy_(all.narrow(1, (long) (k * g + k) * s, (long) k * s)
                            .view(r, k, s)
                            .transpose(0, 1));
            if (config.norms().queryKey()) {
                normHeads(queries, w.queryNorm());
                normHeads(keys, w.keyNorm());
            }
            PositionTensors.FarTensors far = positions.far(layer).orElse(null);
            if (far != null) {
                Tensor farQueries = queries(block, memory.farQueries());
                farQueries.copy_(queries);
                rotate(farQueries.view((long) k * g, r, s / 2, 2), far.rotation().query, block);
                Tensor farKeys = storeRows(store.farKeys(layer), block);
                farKeys.copy_(keys);
                rotate(farKeys.view(k, r, s / 2, 2), far.rotation().key, block);
            }
            rotate(queries.view((long) k * g, r, s / 2, 2), table.query, block);
            rotate(keys.view(k, r, s / 2, 2), table.key, block);
            store.noteNorms(layer, KeyValueStore.largestNorms(keys));
        }
    }

    /** x += attention's branch. */
    void attend(
            PassSequence.Block block, PassMemory memory, KeyValueStore store, int layer, PositionTensors positions) {
        for (int head = 0; head < config.attention().keyValueHeads(); head++) {
            attendHead(block, memory, store, layer, positions, head, this);
        }
        addAttention(block, memory, layer, this);
    }

    /** Attends the queries of one key head; what they come to is kept by {@code keeper}, whose other heads others may attend. */
    void attendHead(
            PassSequence.Block block,
            PassMemory memory,
            KeyValueStore store,
            int layer,
            PositionTensors positions,
            int head,
            FrozenWorker keeper) {
        try (PointerScope scope = new PointerScope()) {
            int r = block.rows();
            int s = config.attention().headSize();
            int g = config.attention().group();
            int base = block.sequence().storeBase();
            long end = (long) block.position() + r;
            Tensor result = keeper.joined
                    .narrow(0, 0, r)
                    .view(r, config.attention().keyValueHeads(), g, s)
                    .select(1, head)
                    .transpose(0, 1); // (G, R, S)
            PositionTensors.FarTensors far = positions.far(layer).orElse(null);
            BlockAttention.Far farHead = far == null
                    ? null
                    : new BlockAttention.Far(
                            queries(block, memory.farQueries()).select(0, head).view((long) g * r, s),
                            store.farKeys(layer).select(0, head).narrow(0, base, end),
                            far.window());
            BlockAttention.Span span = new BlockAttention.Span(
                    queries(block, memory.queries).select(0, head).view((long) g * r, s),
                    store.keys(layer).select(0, head).narrow(0, base, end),
                    store.values(layer).select(0, head).narrow(0, base, end),
                    block.position(),
                    r,
                    config.attentionKinds().get(layer).window(),
                    positions,
                    head * g,
                    farHead);
            attention.attend(result, span, store.largestKey(layer, head));
        }
    }

    /** x += (the heads that {@code keeper} keeps) W_o^T. */
    void addAttention(PassSequence.Block block, PassMemory memory, int layer, FrozenWorker keeper) {
        try (PointerScope scope = new PointerScope()) {
            DecoderTensors.Block w = weights.blocks.get(layer);
            Tensor y = branch.narrow(0, 0, block.rows());
            multiply(
                    y,
                    keeper.joined.narrow(0, 0, block.rows()),
                    w.attentionOutput().weight());
            add(FrozenPass.rows(memory.residual, block), y, w.attentionPostNorm());
        }
    }

    /** x += the feed-forward's branch. */
    void feedForward(PassSequence.Block block, PassMemory memory, int layer) {
        try (PointerScope scope = new PointerScope()) {
            DecoderTensors.Block w = weights.blocks.get(layer);
            int r = block.rows();
            long f = config.feedForward().width();
            Tensor x = FrozenPass.rows(memory.residual, block);
            Tensor h = normed(x, w.feedForwardNorm());
            Tensor in = inner.narrow(0, 0, r);
            multiply(in, h, w.feedForwardInput().weight());
            Tensor active = activated.narrow(0, 0, r);
            switch (config.feedForward().kind()) {
                case RELU -> active.relu_();
                case SWIGLU -> {
                    torch.silu_out(active, in.narrow(1, 0, f));
                    active.mul_(in.narrow(1, f, f));
                }
                case GEGLU -> {
                    torch.gelu_out(active, in.narrow(1, 0, f), "tanh");
                    active.mul_(in.narrow(1, f, f));
                }
            }
            Tensor y = branch.narrow(0, 0, r);
            multiply(y, active, w.feedForwardOutput().weight());
            add(x, y, w.feedForwardPostNorm());
        }
    }

    /**
     * −ln p of the targets that rows of the residual predict, nats.
     *
     * @param row first row of the residual
     * @param targets ids; as many as rows, at most a block's
     */
    float[] negativeLogLikelihoods(PassMemory memory, int row, int[] targets) {
        try (PointerScope scope = new PointerScope()) {
            int r = targets.length;
            Tensor h = output(memory, row, r);
            int vocabulary = config.vocabularySize();
            int runs = (vocabulary + VOCABULARY_RUN - 1) / VOCABULARY_RUN;
            Tensor sums = torch.empty(runs, r);
            for (int run = 0; run < runs; run++) {
                int from = run * VOCABULARY_RUN;
                int count = Math.min(VOCABULARY_RUN, vocabulary - from);
                try (PointerScope inside = new PointerScope()) {
                    Tensor part = logits.view(-1).narrow(0, 0, (long) r * count).view(r, count);
                    torch.mm_out(part, h, weights.head.narrow(0, from, count).t());
                    scaleLogits(part);
                    logSumExp(sums.select(0, run), part);
                }
            }
            Tensor logSum = torch.logsumexp(sums, 0);
            Tensor chosen = torch.index_select(weights.head, 0, HostCopy.ids(targets, 0, r));
            Tensor target = chosen.mul_(h).sum(LAST, false, new ScalarTypeOptional());
            scaleLogits(target);
            float[] losses = new float[r];
            new FloatPointer(logSum.sub_(target).data_ptr()).get(losses);
            return losses;
        }
    }

    /** result = ln Σ exp(values) over the last dimension, in place: less than half the time of the one operator for it. */
    private static void logSumExp(Tensor result, Tensor values) {
        Tensor largest = torch.amax(values, LAST, true);
        values.sub_(largest).exp_();
        torch.sum_out(result, values, LAST, false, new ScalarTypeOptional());
        result.log_().add_(largest.squeeze(1));
    }

    /** Logits after rows of the residual, (rows, V) float32, row-major into {@code result}. */
    void logits(PassMemory memory, int row, int rows, float[] result, int offset) {
        try (PointerScope scope = new PointerScope()) {
            Tensor all = torch.mm(output(memory, row, rows), weights.head.t());
            scaleLogits(all);
            new FloatPointer(all.data_ptr()).get(result, offset, rows * config.vocabularySize());
        }
    }

    /**
     * target = rows W^T. One row in float32 is a matrix and a vector, which are multiplied as fast as the matrix is read; as two matrices
     * they take up to four times as long. In bfloat16 it is the other way round.
     */
    private void multiply(Tensor target, Tensor rows, Tensor weight) {
        if (rows.size(0) == 1 && !rounds) {
            torch.mv_out(target.view(-1), weight, rows.view(-1));
        } else {
            torch.mm_out(target, rows, weight.t());
        }
    }

    /** How many parts the vocabulary has for {@link #logitsPart}, whatever the number of threads. */
    int vocabularyParts() {
        return (config.vocabularySize() + VOCABULARY_RUN - 1) / VOCABULARY_RUN;
    }

    /**
     * The logits after one row of the residual, of one part of the vocabulary. A row times a matrix is bound by reading the matrix:
     * as a matrix and a vector it runs at the memory's speed, as a product of two matrices at a quarter of that.
     */
    void logitsPart(PassMemory memory, int row, int part, float[] result) {
        try (PointerScope scope = new PointerScope()) {
            int from = part * VOCABULARY_RUN;
            int count = Math.min(VOCABULARY_RUN, config.vocabularySize() - from);
            Tensor some = logits.view(-1).narrow(0, 0, count);
            torch.mv_out(
                    some,
                    weights.head.narrow(0, from, count),
                    output(memory, row, 1).view(-1));
            scaleLogits(some);
            new FloatPointer(some.data_ptr()).get(result, from, count);
        }
    }

    private Tensor output(PassMemory memory, int row, int rows) {
        return normInto(wide.narrow(0, 0, rows), memory.residual.narrow(0, row, rows), weights.finalNorm);
    }

    private void scaleLogits(Tensor values) {
        if (config.embedding().outputScale() != 1) {
            values.mul_(new Scalar(config.embedding().outputScale()));
        }
    }

    /** RmsNorm(x) · weight, of the compute type, valid until the next call. */
    private Tensor normed(Tensor x, Tensor weight) {
        long r = x.size(0);
        Tensor result = normInto(wide.narrow(0, 0, r), x, weight);
        if (!rounds) {
            return result;
        }
        Tensor rounded = narrow.narrow(0, 0, r);
        rounded.copy_(result);
        return rounded;
    }

    /** target = x / sqrt(mean x² + ε) · weight over the last dimension of (R, D). */
    private Tensor normInto(Tensor target, Tensor x, Tensor weight) {
        Tensor scale = inverse.narrow(0, 0, x.size(0));
        torch.linalg_vector_norm_out(scale, x, new Scalar(2.0), LAST, true, new ScalarTypeOptional());
        invert(scale, config.width());
        torch.mul_out(target, x, scale);
        return target.mul_(weight);
    }

    /** The same over the features of each head, in place. */
    private void normHeads(Tensor heads, Tensor weight) {
        Tensor scale = torch.linalg_vector_norm(heads, new Scalar(2.0), LAST, true, new ScalarTypeOptional());
        invert(scale, config.attention().headSize());
        heads.mul_(scale).mul_(weight);
    }

    private void invert(Tensor norms, int features) {
        norms.mul_(norms);
        norms.mul_(new Scalar(1.0 / features));
        norms.add_(new Scalar(config.norms().epsilon()));
        norms.rsqrt_();
    }

    private void add(Tensor x, Tensor y, Tensor postNorm) {
        if (config.norms().post()) {
            Tensor target = wide.narrow(0, 0, x.size(0));
            Tensor full = y.to(ScalarType.Float);
            x.add_(normInto(target, full, postNorm));
        } else {
            x.add_(y);
        }
    }

    private static void rotate(Tensor pairs, Tensor table, PassSequence.Block block) {
        torch.view_as_complex(pairs).mul_(table.narrow(0, block.position(), block.rows()));
    }

    private Tensor queries(PassSequence.Block block, Tensor flat) {
        long perRow = config.attention().queryWidth();
        int k = config.attention().keyValueHeads();
        return flat.narrow(0, block.row() * perRow, block.rows() * perRow)
                .view(
                        k,
                        config.attention().group(),
                        block.rows(),
                        config.attention().headSize());
    }

    private static Tensor storeRows(Tensor store, PassSequence.Block block) {
        return store.narrow(1, (long) block.sequence().storeBase() + block.position(), block.rows());
    }

    @Override
    public void close() {
        arena.close();
    }
}
