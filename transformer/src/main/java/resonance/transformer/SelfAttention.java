package resonance.transformer;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Causal self-attention of one block with rotary positions, with its activations kept for the gradient.
 *
 * <pre>
 *   q, k, v = h W_qkv^T + b                       (B, H, T, S), (B, K, T, S), (B, K, T, S)
 *   q, k    = q·rotation·logitScale, k·rotation   one complex product each
 *   P       = softmax(q k^T + causal mask)        (B, H, T, T)
 *   o       = Dropout(P) v                        (B, H, T, S)
 *   y       = o W_o^T                             (N, D)
 * </pre>
 *
 * <p>With grouped queries (H = G K) the G query heads that share a key head are laid out as one matrix of G T rows, so
 * keys and values are never repeated. Rows of the softmax need, in the gradient, the sum over keys of P·dP; it equals
 * the sum over features of o·do (Dao et al. 2022, appendix B.4), which is S instead of T numbers a row.
 */
final class SelfAttention {
    private static final int PROJECTED_SLOT = 130;
    private static final int HEADS_SLOT = 131;
    private static final int SCORES_SLOT = 132;
    private static final int QUERIES_SLOT = 133;
    private static final int KEYS_SLOT = 134;
    private static final int VALUES_SLOT = 135;
    private static final int ROW_SLOT = 136;
    private static final int BIAS_SLOT = 137;
    private static final int JOINED_SLOT = 138;
    private static final long[] LAST = {-1};
    private static final long[] FIRST = {0};

    private final DecoderConfig config;
    private final PassShape shape;
    private final long groupRows; // B K
    private final long queriesOfGroup; // G T
    private final Linear input;
    private final Linear output;

    private final Tensor queries; // (B, K, G, T, S)
    private final Tensor keys; // (B, K, T, S)
    private final Tensor values; // (B, K, T, S)
    private final Tensor probabilities; // (B K, G T, T)
    private final Tensor dropped; // (B K, G T, T); the probabilities themselves without dropout
    private final Tensor mask; // (B K, G T, T) or (0)
    private final Tensor attended; // (B, K, G, T, S)
    private final Tensor joined; // (N, H S) of the compute type

    private final Tensor projected; // (N, (H + 2 K) S) of the compute type
    private final Tensor joinedGradient; // (N, H S) of the compute type
    private final Tensor attendedGradient; // (B, K, G, T, S)
    private final Tensor scoreGradient; // (B K, G T, T)
    private final Tensor queryGradient; // (B, K, G, T, S)
    private final Tensor keyGradient; // (B, K, T, S)
    private final Tensor valueGradient; // (B, K, T, S)
    private final Tensor rowSum; // (B, K, G, T, 1)
    private final Tensor biasSum; // ((H + 2 K) S)

    SelfAttention(PassShape shape) {
        this.shape = shape;
        this.config = shape.config;
        int b = shape.rows;
        int t = shape.length;
        int s = config.headSize();
        int k = config.keyValueHeads();
        int g = config.heads() / k;
        groupRows = (long) b * k;
        queriesOfGroup = (long) g * t;
        input = new Linear(shape, config.width(), config.queryKeyValueWidth());
        output = new Linear(shape, (long) config.heads() * s, config.width());
        TensorArena arena = shape.arena;
        queries = arena.floats(b, k, g, t, s);
        keys = arena.floats(b, k, t, s);
        values = arena.floats(b, k, t, s);
        probabilities = arena.floats(groupRows, queriesOfGroup, t);
        boolean drops = shape.training && config.dropout() > 0;
        dropped = drops ? arena.floats(groupRows, queriesOfGroup, t) : probabilities;
        mask = arena.floats(drops ? groupRows : 0, queriesOfGroup, t);
        attended = arena.floats(b, k, g, t, s);
        joined = arena.empty(shape.computeType(), shape.tokens, (long) config.heads() * s);
        projected = shape.computeScratch(PROJECTED_SLOT, shape.tokens, config.queryKeyValueWidth());
        joinedGradient = shape.computeGradientScratch(JOINED_SLOT, shape.tokens, (long) config.heads() * s);
        attendedGradient = shape.gradientScratch(HEADS_SLOT, b, k, g, t, s);
        scoreGradient = shape.gradientScratch(SCORES_SLOT, groupRows, queriesOfGroup, t);
        queryGradient = shape.gradientScratch(QUERIES_SLOT, b, k, g, t, s);
        keyGradient = shape.gradientScratch(KEYS_SLOT, b, k, t, s);
        valueGradient = shape.gradientScratch(VALUES_SLOT, b, k, t, s);
        rowSum = shape.gradientScratch(ROW_SLOT, b, k, g, t, 1);
        biasSum = shape.gradientScratch(BIAS_SLOT, config.queryKeyValueWidth());
    }

    /** result = y, float32 (N, D), from h of the compute type (N, D). A null {@code masks} means no dropout. */
    void forward(
            Tensor result,
            Tensor h,
            DecoderWeights.Block weights,
            RotaryTensors rotary,
            Tensor causalMask,
            @Nullable DropoutMasks masks) {
        input.forward(projected, h, weights.queryKeyValue());
        if (config.attentionBias()) {
            projected.add_(weights.queryKeyValueBias());
        }
        queries.copy_(queryView(projected));
        keys.copy_(keyView(projected));
        values.copy_(valueView(projected));
        rotate(queries, rotary.query);
        rotate(keys, rotary.key);

        torch.bmm_out(probabilities, groupedQueries(queries), grouped(keys).transpose(1, 2));
        probabilities.view(groupRows, -1, shape.length, shape.length).add_(causalMask);
        torch.softmax_out(probabilities, probabilities, -1);
        Tensor attending = probabilities;
        if (masks != null) {
            masks.fill(mask, masks.keptScale());
            torch.mul_out(dropped, probabilities, mask);
            attending = dropped;
        }
        torch.bmm_out(groupedQueries(attended), attending, grouped(values));
        headView(joined).copy_(attended);
        output.forwardFloat32(result, joined, weights.attentionOutput());
    }

    /**
     * Gradient of h into {@code inputGradient}, float32 (N, D); adds the weights' gradients.
     *
     * @param outputGradient dy, of the compute type (N, D)
     */
    void backward(
            Tensor inputGradient,
            Tensor outputGradient,
            Tensor h,
            DecoderWeights.Block weights,
            DecoderWeights.Block gradients,
            RotaryTensors rotary,
            boolean drop) {
        output.addWeightGradient(gradients.attentionOutput(), outputGradient, joined);
        output.inputGradient(joinedGradient, outputGradient, weights.attentionOutput());
        attendedGradient.copy_(headView(joinedGradient));

        Tensor attending = drop ? dropped : probabilities;
        torch.bmm_out(grouped(valueGradient), attending.transpose(1, 2), groupedQueries(attendedGradient));
        torch.bmm_out(
                scoreGradient, groupedQueries(attendedGradient), grouped(values).transpose(1, 2));
        if (drop) {
            scoreGradient.mul_(mask);
        }
        attendedGradient.mul_(attended);
        torch.sum_out(rowSum, attendedGradient, LAST, true, new ScalarTypeOptional());
        scoreGradient.sub_(rowSum.view(groupRows, queriesOfGroup, 1));
        scoreGradient.mul_(probabilities);

        torch.bmm_out(groupedQueries(queryGradient), scoreGradient, grouped(keys));
        torch.bmm_out(grouped(keyGradient), scoreGradient.transpose(1, 2), groupedQueries(queries));
        rotate(queryGradient, rotary.queryBackward);
        rotate(keyGradient, rotary.keyBackward);

        // The forward projection was copied out of its scratch, which now takes the gradient.
        queryView(projected).copy_(queryGradient);
        keyView(projected).copy_(keyGradient);
        valueView(projected).copy_(valueGradient);
        if (config.attentionBias()) {
            torch.sum_out(biasSum, projected, FIRST, false, new ScalarTypeOptional(torch.ScalarType.Float));
            gradients.queryKeyValueBias().add_(biasSum);
        }
        input.addWeightGradient(gradients.queryKeyValue(), projected, h);
        input.inputGradientFloat32(inputGradient, projected, weights.queryKeyValue());
    }

    /** Multiplies the pairs of (…, T, S) by a table (T, S/2) of complex numbers, in place. */
    private void rotate(Tensor heads, Tensor table) {
        torch.view_as_complex(heads.view(-1, shape.length, config.headSize() / 2, 2))
                .mul_(table.narrow(0, 0, shape.length));
    }

    private Tensor groupedQueries(Tensor heads) {
        return heads.view(groupRows, queriesOfGroup, config.headSize());
    }

    private Tensor grouped(Tensor heads) {
        return heads.view(groupRows, shape.length, config.headSize());
    }

    /** (N, H S) seen as (B, K, G, T, S). */
    private Tensor headView(Tensor joinedHeads) {
        int k = config.keyValueHeads();
        return joinedHeads
                .view(shape.rows, shape.length, k, config.heads() / k, config.headSize())
                .permute(0, 2, 3, 1, 4);
    }

    private Tensor queryView(Tensor projected) {
        int k = config.keyValueHeads();
        return columns(projected, 0, config.heads())
                .view(shape.rows, shape.length, k, config.heads() / k, config.headSize())
                .permute(0, 2, 3, 1, 4);
    }

    private Tensor keyView(Tensor projected) {
        return keyValueView(projected, config.heads());
    }

    private Tensor valueView(Tensor projected) {
        return keyValueView(projected, config.heads() + config.keyValueHeads());
    }

    /** Columns of the heads from {@code firstHead} on, seen as (B, K, T, S). */
    private Tensor keyValueView(Tensor projected, int firstHead) {
        return columns(projected, firstHead, config.keyValueHeads())
                .view(shape.rows, shape.length, config.keyValueHeads(), config.headSize())
                .permute(0, 2, 1, 3);
    }

    private Tensor columns(Tensor projected, int firstHead, int count) {
        return projected.narrow(1, (long) firstHead * config.headSize(), (long) count * config.headSize());
    }
}
