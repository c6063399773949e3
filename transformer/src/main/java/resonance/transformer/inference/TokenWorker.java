package resonance.transformer.inference;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.decoder.DecoderConfig;
import resonance.decoder.FeedForwardKind;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.position.RotaryTensors;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.SpinBarrier;
import resonance.transformer.tensor.TensorArena;

/**
 * A share of a {@link TokenStep}, its rows of every weight matrix; and a worker's own copy of what is small. The steps are those of
 * {@link FrozenWorker}; every worker has the whole residual stream and computes the same.
 *
 * <p>Legend: R texts, D width, H query heads, K key heads, G = H / K, S head size, F feed-forward width, V vocabulary.
 */
final class TokenWorker implements AutoCloseable {
    private final DecoderConfig config;
    private final DecoderTensors weights;
    private final int number; // of the share, and of the worker that has this one's scratch memory
    private final RowProduct.Kernel kernel;
    private final boolean narrow; // values
    private final TokenMemory memory;
    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final List<Block> blocks = new ArrayList<>();
    private final float[] finalNorm;
    private final RowProduct head; // this share's part of the vocabulary
    private final TokenAttention attention;

    private final FewRows normed; // (R, D) of what products take
    private final FewRows wide; // (R, D) float32, what the head takes
    private final FewRows joined; // (R, H S) of what products take
    private final FewRows gate; // (R, this share's part of F)
    private final FewRows up; // the same
    private final FewRows queries; // (R, H S) float32
    private final Tensor[] active; // by number of texts: this share's columns of memory.active

    private final float[] residual; // (R, D)
    private final float[] rows; // (R, D)
    private final float[] projected; // (R, (H + 2 K) S)
    private final float[] heads; // (R, H S)
    private final float[] rotation; // (S)
    private final short[] rounded; // (S)
    private final FewRows.Buffer buffer;
    private final Scalar zero;
    private int running; // how many do the shares of all

    /** A layer's numbers and this share's part of its matrices. */
    @SuppressWarnings("ArrayRecordComponent") // a bundle that is handed on, never compared
    private record Block(
            float[] attentionNorm,
            RowProduct queryKeyValue,
            float[] queryKeyValueBias,
            float[] queryNorm,
            float[] keyNorm,
            RowProduct attentionOutput,
            float[] attentionPostNorm,
            float[] feedForwardNorm,
            RowProduct gate,
            RowProduct up,
            RowProduct feedForwardOutput,
            float[] feedForwardPostNorm) {}

    TokenWorker(
            DecoderConfig config,
            DecoderTensors weights,
            Precision precision,
            RowProduct.Kernel kernel,
            int share,
            TokenMemory memory) {
        this.config = config;
        this.weights = weights;
        number = share;
        this.kernel = kernel;
        this.memory = memory;
        narrow = precision != Precision.FLOAT32;
        int d = config.width();
        int queryWidth = Math.toIntExact(config.attention().queryWidth());
        int most = TokenStep.MOST_TEXTS;
        TokenMemory.Parts vocabulary = memory.vocabulary;
        head = new RowProduct(
                weights.head,
                vocabulary.from(number),
                vocabulary.count(number),
                RowProduct.Kernel.FLOAT32,
                weights.head, // it takes no scratch memory
                arena);
        finalNorm = numbers(weights.finalNorm);
        try (TensorArena temporary = new TensorArena(ComputeDevice.CPU)) {
            Tensor scratch = temporary.floats(scratchSize());
            for (DecoderTensors.Block block : weights.blocks) {
                blocks.add(block(block, scratch));
            }
        }
        attention = new TokenAttention(config, precision, arena);
        int inner = memory.inner.count(number);
        normed = new FewRows(kernel.rows(), most, d, arena);
        wide = new FewRows(Precision.FLOAT32.scalarType(), most, d, arena);
        joined = new FewRows(kernel.rows(), most, queryWidth, arena);
        gate = new FewRows(kernel.rows(), most, inner, arena);
        up = new FewRows(kernel.rows(), most, inner, arena);
        queries = new FewRows(Precision.FLOAT32.scalarType(), most, queryWidth, arena);
        active = new Tensor[most + 1];
        try (PointerScope scope = new PointerScope()) {
            for (int r = 1; r <= most; r++) {
                active[r] = arena.keep(memory.active.tensor(r).narrow(1, memory.inner.from(number), inner));
            }
        }
        residual = new float[most * d];
        rows = new float[most * d];
        projected = new float[most * config.attention().joinedWidth()];
        heads = new float[most * queryWidth];
        rotation = new float[config.attention().headSize()];
        rounded = new short[config.attention().headSize()];
        buffer = new FewRows.Buffer(most * Math.max(d, config.attention().joinedWidth()));
        zero = arena.scalar(0);
    }

    private Block block(DecoderTensors.Block block, Tensor scratch) {
        Tensor in = block.feedForwardInput().weight();
        int from = memory.inner.from(number);
        int count = memory.inner.count(number);
        boolean gated = config.feedForward().kind().gated();
        return new Block(
                numbers(block.attentionNorm()),
                part(block.queryKeyValue(), memory.projected, scratch),
                numbers(block.queryKeyValueBias()),
                numbers(block.queryNorm()),
                numbers(block.keyNorm()),
                part(block.attentionOutput(), memory.attended, scratch),
                numbers(block.attentionPostNorm()),
                numbers(block.feedForwardNorm()),
                new RowProduct(in, from, count, kernel, scratch, arena),
                new RowProduct(in, gated ? config.feedForward().width() + from : from, count, kernel, scratch, arena),
                part(block.feedForwardOutput(), memory.fed, scratch),
                numbers(block.feedForwardPostNorm()));
    }

    /** What the largest of this share's parts takes to be made. */
    private long scratchSize() {
        long most = 0;
        for (DecoderTensors.Block block : weights.blocks) {
            most = Math.max(most, size(block.queryKeyValue(), memory.projected));
            most = Math.max(most, size(block.attentionOutput(), memory.attended));
            most = Math.max(most, size(block.feedForwardInput(), memory.inner));
            most = Math.max(most, size(block.feedForwardOutput(), memory.fed));
        }
        return most;
    }

    private long size(DecoderTensors.Matrix matrix, TokenMemory.Columns target) {
        return RowProduct.scratchSize(matrix.weight(), target.count(number), kernel);
    }

    /** A vector's elements; none where the decoder has no such parameter. */
    private static float[] numbers(Tensor vector) {
        return vector.numel() == 0 ? new float[0] : HostCopy.of(vector);
    }

    private RowProduct part(DecoderTensors.Matrix matrix, TokenMemory.Columns target, Tensor scratch) {
        return new RowProduct(matrix.weight(), target.from(number), target.count(number), kernel, scratch, arena);
    }

    /**
     * Does some shares.
     *
     * @param shares those whose rows of the matrices are multiplied here
     * @param barrier where those wait for each other who do the other shares
     * @param logits (R, V): the shares' parts are written
     */
    void run(
            List<TokenStep.Next> texts,
            PositionTensors positions,
            List<TokenWorker> shares,
            SpinBarrier barrier,
            float[][] logits) {
        int r = texts.size();
        running = barrier.parties();
        embed(texts, positions);
        for (int layer = 0; layer < config.layers(); layer++) {
            try (PointerScope scope = new PointerScope()) {
                Block block = blocks.get(layer);
                int current = layer;
                norm(residual, block.attentionNorm, rows, r);
                normed.put(rows, r);
                shares.forEach(share -> share.blocks
                        .get(current)
                        .queryKeyValue
                        .multiply(normed, memory.projected.part(share.number), r));
                barrier.await();
                rotate(texts, block, positions.rotation(layer));
                store(texts, layer);
                barrier.await();
                attend(texts, layer);
                barrier.await();
                join(texts, layer);
                joined.put(heads, r);
                shares.forEach(share -> share.blocks
                        .get(current)
                        .attentionOutput
                        .multiply(joined, memory.attended.part(share.number), r));
                barrier.await();
                add(memory.attended, block.attentionPostNorm, r);
                norm(residual, block.feedForwardNorm, rows, r);
                normed.put(rows, r);
                shares.forEach(share -> share.feedForward(current, normed, r));
                barrier.await();
                shares.forEach(share -> share.blocks
                        .get(current)
                        .feedForwardOutput
                        .multiply(memory.active, memory.fed.part(share.number), r));
                barrier.await();
                add(memory.fed, block.feedForwardPostNorm, r);
            }
        }
        norm(residual, finalNorm, rows, r);
        wide.put(rows, r);
        shares.forEach(share -> share.logits(wide, logits, r));
    }

    /** This share's part of the logits. */
    private void logits(FewRows x, float[][] logits, int r) {
        TokenMemory.Parts vocabulary = memory.vocabulary;
        FewRows part = vocabulary.part(number);
        if (part.width == 0) {
            return;
        }
        head.multiply(x, part, r);
        float scale = (float) config.embedding().outputScale();
        for (int row = 0; row < r; row++) {
            float[] all = logits[row];
            int from = vocabulary.from(number);
            part.at(row, 0).get(all, from, part.width);
            for (int i = from; scale != 1 && i < from + part.width; i++) {
                all[i] *= scale;
            }
        }
    }

    /** x = scale · E[token] + what the encoding adds. */
    private void embed(List<TokenStep.Next> texts, PositionTensors positions) {
        int d = config.width();
        float scale = (float) config.embedding().scale();
        FloatPointer embedding = new FloatPointer(weights.embedding.data_ptr());
        Tensor input = positions.input();
        for (int row = 0; row < texts.size(); row++) {
            TokenStep.Next text = texts.get(row);
            embedding.getPointer((long) text.token() * d).get(residual, row * d, d);
            for (int i = row * d; scale != 1 && i < (row + 1) * d; i++) {
                residual[i] *= scale;
            }
            if (input != null) {
                new FloatPointer(input.data_ptr())
                        .getPointer((long) text.position() * d)
                        .get(rows, 0, d);
                for (int i = 0; i < d; i++) {
                    residual[row * d + i] += rows[i];
                }
            }
        }
    }

    /** Takes what was projected, with all heads normed if the model does, and rotated. */
    private void rotate(List<TokenStep.Next> texts, Block block, RotaryTensors table) {
        int s = config.attention().headSize();
        int width = config.attention().joinedWidth();
        int queryWidth = Math.toIntExact(config.attention().queryWidth());
        int keyWidth = Math.toIntExact(config.attention().keyWidth());
        memory.projected.get(projected, texts.size(), buffer);
        FloatPointer queryTable = new FloatPointer(table.query.data_ptr());
        FloatPointer keyTable = new FloatPointer(table.key.data_ptr());
        for (int row = 0; row < texts.size(); row++) {
            int at = row * width;
            for (int i = 0; i < block.queryKeyValueBias.length; i++) {
                projected[at + i] += block.queryKeyValueBias[i];
            }
            if (config.norms().queryKey()) {
                normHeads(projected, at, queryWidth, block.queryNorm);
                normHeads(projected, at + queryWidth, keyWidth, block.keyNorm);
            }
            long tableRow = (long) texts.get(row).position() * s;
            queryTable.getPointer(tableRow).get(rotation, 0, s);
            rotate(projected, at, queryWidth);
            keyTable.getPointer(tableRow).get(rotation, 0, s);
            rotate(projected, at + queryWidth, keyWidth);
            System.arraycopy(projected, at, heads, row * queryWidth, queryWidth);
        }
        queries.put(heads, texts.size());
    }

    /** Multiplies pairs, as complex numbers, by those of the table's row. */
    private void rotate(float[] values, int from, int count) {
        int s = rotation.length;
        for (int head = from; head < from + count; head += s) {
            for (int i = 0; i < s; i += 2) {
                float re = values[head + i];
                float im = values[head + i + 1];
                values[head + i] = re * rotation[i] - im * rotation[i + 1];
                values[head + i + 1] = re * rotation[i + 1] + im * rotation[i];
            }
        }
    }

    /** This worker's share of the new keys and values, head by head. */
    private void store(List<TokenStep.Next> texts, int layer) {
        int s = config.attention().headSize();
        int k = config.attention().keyValueHeads();
        int width = config.attention().joinedWidth();
        int queryWidth = Math.toIntExact(config.attention().queryWidth());
        for (int item = number; item < texts.size() * k; item += running) {
            TokenStep.Next text = texts.get(item / k);
            int head = item % k;
            int key = item / k * width + queryWidth + head * s;
            int value = key + k * s;
            Tensor keys = text.store().keys(layer);
            long at = (head * keys.size(1) + text.position()) * s;
            new FloatPointer(keys.data_ptr()).getPointer(at).put(projected, key, s);
            Tensor values = text.store().values(layer);
            if (narrow) {
                for (int i = 0; i < s; i++) {
                    rounded[i] = FewRows.round(projected[value + i]);
                }
                new ShortPointer(values.data_ptr()).getPointer(at).put(rounded, 0, s);
            } else {
                new FloatPointer(values.data_ptr()).getPointer(at).put(projected, value, s);
            }
            double squares = 0;
            for (int i = 0; i < s; i++) {
                squares += (double) projected[key + i] * projected[key + i];
            }
            // Rounded up, since it is a bound.
            text.store().noteNorm(layer, head, Math.nextUp((float) Math.sqrt(squares)));
        }
    }

    /** Attends this worker's share of the runs. */
    private void attend(List<TokenStep.Next> texts, int layer) {
        int s = config.attention().headSize();
        int g = config.attention().group();
        int item = 0;
        for (int row = 0; row < texts.size(); row++) {
            TokenStep.Next text = texts.get(row);
            int begin = begin(text, layer);
            int runs = TokenAttention.runs(begin, text.position() + 1);
            for (int head = 0; head < config.attention().keyValueHeads(); head++) {
                for (int run = 0; run < runs; run++, item++) {
                    if (item % running == number) {
                        attention.attend(
                                text.store(),
                                layer,
                                head,
                                run,
                                queries.at(row, head * g * s),
                                begin,
                                text.position() + 1,
                                memory.runs[item]);
                    }
                }
            }
        }
    }

    private void join(List<TokenStep.Next> texts, int layer) {
        int s = config.attention().headSize();
        int g = config.attention().group();
        int queryWidth = Math.toIntExact(config.attention().queryWidth());
        int item = 0;
        for (int row = 0; row < texts.size(); row++) {
            TokenStep.Next text = texts.get(row);
            int runs = TokenAttention.runs(begin(text, layer), text.position() + 1);
            for (int head = 0; head < config.attention().keyValueHeads(); head++, item += runs) {
                TokenAttention.join(memory.runs, item, runs, g, s, heads, row * queryWidth + head * g * s);
            }
        }
    }

    /** The first position that a text's next token sees. */
    private int begin(TokenStep.Next text, int layer) {
        int window = config.attentionKinds().get(layer).window();
        return window == 0 ? 0 : Math.max(0, text.position() - window + 1);
    }

    /** This share's part of what the feed-forward's second matrix takes. */
    private void feedForward(int layer, FewRows normed, int r) {
        Block block = blocks.get(layer);
        if (gate.width == 0) {
            return;
        }
        FeedForwardKind kind = config.feedForward().kind();
        block.gate.multiply(normed, gate, r);
        if (kind.gated()) {
            block.up.multiply(normed, up, r);
        }
        Tensor target = active[r];
        switch (kind) {
            case RELU -> torch.clamp_min_out(target, gate.tensor(r), zero);
            case SWIGLU -> {
                torch.silu_out(target, gate.tensor(r));
                target.mul_(up.tensor(r));
            }
            case GEGLU -> {
                torch.gelu_out(target, gate.tensor(r), "tanh");
                target.mul_(up.tensor(r));
            }
        }
    }

    /** x += [RmsNorm] branch. */
    private void add(TokenMemory.Parts branch, float[] postNorm, int r) {
        branch.get(rows, r, buffer);
        if (config.norms().post()) {
            norm(rows, postNorm, rows, r);
        }
        for (int i = 0; i < r * config.width(); i++) {
            residual[i] += rows[i];
        }
    }

    /** target = x / sqrt(mean x² + ε) · weight, row by row; target may be x. */
    private void norm(float[] x, float[] weight, float[] target, int r) {
        int d = config.width();
        for (int row = 0; row < r; row++) {
            float factor = inverseNorm(x, row * d, d);
            for (int i = 0; i < d; i++) {
                target[row * d + i] = x[row * d + i] * factor * weight[i];
            }
        }
    }

    private void normHeads(float[] values, int from, int count, float[] weight) {
        int s = weight.length;
        for (int head = from; head < from + count; head += s) {
            float factor = inverseNorm(values, head, s);
            for (int i = 0; i < s; i++) {
                values[head + i] *= factor * weight[i];
            }
        }
    }

    private float inverseNorm(float[] x, int from, int count) {
        double even = 0; // two sums, so that one addition does not wait for the other
        double odd = 0;
        int i = from;
        for (; i + 1 < from + count; i += 2) {
            even += (double) x[i] * x[i];
            odd += (double) x[i + 1] * x[i + 1];
        }
        if (i < from + count) {
            even += (double) x[i] * x[i];
        }
        return (float) (1 / Math.sqrt((even + odd) / count + config.norms().epsilon()));
    }

    @Override
    public void close() {
        arena.close();
    }
}
