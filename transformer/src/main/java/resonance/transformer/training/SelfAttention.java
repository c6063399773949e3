package resonance.transformer.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * Causal self-attention of one block, with its activations kept for the gradient.
 *
 * <pre>
 *   q, k, v = h W_qkv^T + b                       (N, H S), (N, K S), (N, K S) beside each other
 *   q, k    = RmsNorm(q), RmsNorm(k)              of each head, where the decoder has these norms
 *   q, k    = q·rotation·logitScale, k·rotation   one complex product for both
 *   P       = softmax(q k^T + mask + bias)        (B, H, T, T); the bias only where one is learned
 *   o       = Dropout(P) v                        (N, H S)
 *   y       = o W_o^T                             (N, D)
 * </pre>
 *
 * <p>Linear attention has {@link LinearWeights} for P; all else is the same.
 *
 * <p>Heads stay where the projection puts them ({@link HeadColumns}); the products of attention read and write them there
 * ({@link CausalProducts}), so nothing is copied into another order and with grouped queries (H = G K) nothing repeated. Rows
 * of the softmax need, in the gradient, the sum over keys of P·dP; it equals the sum over features of o·do (Dao et al. 2022,
 * appendix B.4), which is S instead of T numbers a row. With a dropout mask M/(1−p) the gradient of the scores is dP·(P·M) − P·Σ:
 * the dropped probabilities, which are kept, are all it needs of the mask.
 */
final class SelfAttention {
    private enum Slot {
        PROJECTED,
        HEADS,
        SCORES,
        ROW,
        BIAS,
        JOINED
    }

    private static final long[] LAST = {-1};
    private static final long[] FIRST = {0};

    private final DecoderConfig config;
    private final PassShape shape;
    private final boolean narrow;
    private final Linear input;
    private final Linear output;
    private final CausalProducts products;

    private final Tensor heads; // (N, (H + 2 K) S): rotated queries, rotated keys, values
    private final HeadColumns queries;
    private final HeadColumns keys;
    private final HeadColumns values;
    private final Tensor probabilities; // (B, H, T, T)
    private final Tensor dropped; // (B, H, T, T); the probabilities themselves without dropout
    private final Tensor attended; // (N, H S)
    private final HeadColumns attendedHeads;
    private final Tensor joined; // the same in the compute type

    private final Tensor projected; // (N, (H + 2 K) S) of the compute type
    private final Tensor joinedGradient; // (N, H S) of the compute type
    private final Tensor attendedGradient; // (N, H S)
    private final HeadColumns attendedGradients;
    private final Tensor scoreGradient; // (B, H, T, T)
    private final Tensor headGradient; // (N, (H + 2 K) S)
    private final HeadColumns queryGradient;
    private final HeadColumns keyGradient;
    private final HeadColumns valueGradient;
    private final Tensor rowSum; // (N, H)
    private final Tensor biasSum; // ((H + 2 K) S)
    private final Scalar minusOne;
    private final @Nullable LinearWeights linearWeights; // only where a layer is linear
    private final @Nullable RmsNorm queryNorm; // (N, H, S); only where the decoder has one
    private final @Nullable RmsNorm keyNorm; // (N, K, S)

    SelfAttention(PassShape shape) {
        this.shape = shape;
        this.config = shape.config;
        int b = shape.rows;
        int t = shape.length;
        int s = config.attention().headSize();
        int h = config.attention().heads();
        int k = config.attention().keyValueHeads();
        int width = config.attention().joinedWidth();
        int joinedWidth = h * s;
        narrow = shape.precision != Precision.FLOAT32;
        input = new Linear(shape, config.width(), width);
        output = new Linear(shape, joinedWidth, config.width());
        products = CausalProducts.on(shape.arena.device(), b, t, h);
        TensorArena arena = shape.arena;
        heads = arena.floats(shape.tokens, width);
        queries = new HeadColumns(heads, width, 0, h, s);
        keys = new HeadColumns(heads, width, h, k, s);
        values = new HeadColumns(heads, width, h + k, k, s);
        probabilities = arena.floats(b, h, t, t);
        boolean drops = shape.training && config.dropout() > 0;
        dropped = drops ? arena.floats(b, h, t, t) : probabilities;
        attended = arena.floats(shape.tokens, joinedWidth);
        attendedHeads = new HeadColumns(attended, joinedWidth, 0, h, s);
        joined = narrow ? arena.empty(shape.computeType(), shape.tokens, joinedWidth) : attended;
        projected = narrow ? shape.computeScratch(Slot.PROJECTED, shape.tokens, width) : heads;
        attendedGradient = shape.gradientScratch(Slot.HEADS, shape.tokens, joinedWidth);
        attendedGradients = new HeadColumns(attendedGradient, joinedWidth, 0, h, s);
        joinedGradient =
                narrow ? shape.computeGradientScratch(Slot.JOINED, shape.tokens, joinedWidth) : attendedGradient;
        scoreGradient = shape.gradientScratch(Slot.SCORES, b, h, t, t);
        scoreGradient.zero_(); // what the products never write must be finite
        headGradient = shape.gradientScratch(Slot.PROJECTED, shape.tokens, width);
        queryGradient = new HeadColumns(headGradient, width, 0, h, s);
        keyGradient = new HeadColumns(headGradient, width, h, k, s);
        valueGradient = new HeadColumns(headGradient, width, h + k, k, s);
        rowSum = shape.gradientScratch(Slot.ROW, shape.tokens, h);
        biasSum = shape.gradientScratch(Slot.BIAS, width);
        minusOne = arena.scalar(-1);
        linearWeights = config.attentionKinds().contains(AttentionKind.LINEAR) ? new LinearWeights(shape, drops) : null;
        boolean norms = config.norms().queryKey();
        queryNorm = norms ? new RmsNorm(shape, s, shape.tokens, h) : null;
        keyNorm = norms ? new RmsNorm(shape, s, shape.tokens, k) : null;
    }

    /**
     * result = y, float32 (N, D), from h of the compute type (N, D). A null {@code masks} means no dropout.
     *
     * @param norms has the weights of the norms of queries and keys, float32
     */
    void forward(
            Tensor result,
            Tensor h,
            DecoderTensors.Block norms,
            DecoderTensors.Block weights,
            PassPositions.Layer positions,
            @Nullable LearnedBias bias,
            @Nullable DropoutMasks masks) {
        input.forward(projected, h, weights.queryKeyValue());
        if (config.attention().bias()) {
            projected.add_(weights.queryKeyValueBias());
        }
        if (narrow) {
            heads.copy_(projected);
        }
        if (queryNorm != null && keyNorm != null) {
            queryNorm.forwardFloat32(queryHeads(heads), queryHeads(heads), norms.queryNorm());
            keyNorm.forwardFloat32(keyHeads(heads), keyHeads(heads), norms.keyNorm());
        }
        LinearWeights linear = positions.linear() ? linearWeights : null;
        if (linear != null) {
            linear.map(heads);
        }
        rotate(heads, positions.rotation());

        if (linear != null) {
            probabilities.zero_();
            products.addOuter(probabilities, queries, keys);
            linear.normalise(probabilities, positions);
        } else {
            probabilities.copy_(positions.mask().expand(probabilities.sizes()));
            if (bias != null) {
                probabilities.add_(bias.scores());
            }
            products.addOuter(probabilities, queries, keys);
            torch.softmax_out(probabilities, probabilities, -1);
        }
        Tensor attending = probabilities;
        if (masks != null) {
            masks.fill(dropped, masks.keptScale());
            if (linear != null) {
                linear.keep(dropped);
            }
            dropped.mul_(probabilities);
            attending = dropped;
        }
        products.times(attendedHeads, attending, values);
        if (narrow) {
            joined.copy_(attended);
        }
        output.forwardFloat32(result, joined, weights.attentionOutput());
    }

    /**
     * Gradient of h into {@code inputGradient}, float32 (N, D); adds the weights' gradients, and its scores' to the bias.
     *
     * @param outputGradient dy, of the compute type (N, D)
     */
    void backward(
            Tensor inputGradient,
            Tensor outputGradient,
            Tensor h,
            DecoderTensors.Block norms,
            DecoderTensors.Block weights,
            DecoderTensors.Block gradients,
            PassPositions.Layer positions,
            @Nullable LearnedBias bias,
            boolean drop) {
        output.addWeightGradient(gradients.attentionOutput(), outputGradient, joined);
        output.inputGradient(joinedGradient, outputGradient, weights.attentionOutput());
        if (narrow) {
            attendedGradient.copy_(joinedGradient);
        }

        products.transposedTimes(valueGradient, drop ? dropped : probabilities, attendedGradients);
        products.outer(scoreGradient, attendedGradients, values);
        attendedGradient.mul_(attended);
        torch.sum_out(
                rowSum,
                attendedGradient.view(
                        shape.tokens,
                        config.attention().heads(),
                        config.attention().headSize()),
                LAST,
                false,
                new ScalarTypeOptional());
        Tensor rowSums = rowSum.view(
                        shape.rows, shape.length, config.attention().heads(), 1)
                .transpose(1, 2); // (B, H, T, 1)
        // The probabilities are 0 above the diagonal and outside a window, which clears what the products left standing
        // there.
        LinearWeights linear = positions.linear() ? linearWeights : null;
        if (linear != null) {
            linear.productGradient(scoreGradient, positions, drop);
        } else if (drop) {
            scoreGradient.mul_(dropped);
            scoreGradient.addcmul_(probabilities, rowSums, minusOne);
        } else {
            scoreGradient.sub_(rowSums);
            scoreGradient.mul_(probabilities);
        }
        if (bias != null) {
            bias.add(scoreGradient);
        }

        products.times(queryGradient, scoreGradient, keys);
        products.transposedTimes(keyGradient, scoreGradient, queries);
        rotate(headGradient, positions.rotationBack());
        if (linear != null) {
            linear.featureGradient(headGradient, rowSum, positions);
        }
        if (queryNorm != null && keyNorm != null) {
            queryNorm.backwardInPlace(queryHeads(headGradient), gradients.queryNorm(), norms.queryNorm());
            keyNorm.backwardInPlace(keyHeads(headGradient), gradients.keyNorm(), norms.keyNorm());
        }

        Tensor projectedGradient = headGradient;
        if (narrow) {
            projected.copy_(headGradient);
            projectedGradient = projected;
        }
        if (gradients.queryKeyValueBias().numel() > 0) {
            torch.sum_out(biasSum, headGradient, FIRST, false, new ScalarTypeOptional());
            gradients.queryKeyValueBias().add_(biasSum);
        }
        input.addWeightGradient(gradients.queryKeyValue(), projectedGradient, h);
        input.inputGradientFloat32(inputGradient, projectedGradient, weights.queryKeyValue());
    }

    /** The queries among the columns of (N, (H + 2 K) S), as (N, H, S). */
    private Tensor queryHeads(Tensor columns) {
        AttentionShape shapes = config.attention();
        return columns.narrow(1, 0, shapes.queryWidth()).view(shape.tokens, shapes.heads(), shapes.headSize());
    }

    /** The keys among the columns of (N, (H + 2 K) S), as (N, K, S). */
    private Tensor keyHeads(Tensor columns) {
        AttentionShape shapes = config.attention();
        return columns.narrow(1, shapes.queryWidth(), shapes.keyWidth())
                .view(shape.tokens, shapes.keyValueHeads(), shapes.headSize());
    }

    /** Multiplies the pairs of queries and keys (N, (H + 2 K) S) by a table (T, (H + K) S/2) of complex numbers, in place. */
    private void rotate(Tensor columns, Tensor table) {
        long rotated = config.attention().queryWidth() + config.attention().keyWidth();
        torch.view_as_complex(columns.narrow(1, 0, rotated).view(shape.rows, shape.length, rotated / 2, 2))
                .mul_(table);
    }
}
