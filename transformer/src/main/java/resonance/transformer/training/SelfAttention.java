package resonance.transformer.training;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.Precision;

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
 * <p>Linear attention has {@link LinearWeights} for P; all else is the same. P and o are an {@link AttentionCore}'s.
 *
 * <p>Heads stay where the projection puts them ({@link HeadColumns}); the products of attention read and write them there, so
 * nothing is copied into another order and with grouped queries (H = G K) nothing repeated.
 */
final class SelfAttention {
    private enum Slot {
        PROJECTED,
        BIAS,
        JOINED
    }

    private static final long[] FIRST = {0};

    private final DecoderConfig config;
    private final PassShape shape;
    private final boolean narrow;
    private final Linear input;
    private final Linear output;
    private final HeadTensors heads;
    private final AttentionCore core;
    private final Tensor joined; // (N, H S) of the compute type: what is attended
    private final Tensor projected; // (N, (H + 2 K) S) of the compute type
    private final Tensor joinedGradient; // (N, H S) of the compute type
    private final Tensor biasSum; // ((H + 2 K) S)
    private final @Nullable LinearWeights linearWeights; // only where a layer is linear
    private final @Nullable RmsNorm queryNorm; // (N, H, S); only where the decoder has one
    private final @Nullable RmsNorm keyNorm; // (N, K, S)

    SelfAttention(PassShape shape) {
        this.shape = shape;
        this.config = shape.config;
        AttentionShape attention = config.attention();
        int width = attention.joinedWidth();
        long joinedWidth = attention.queryWidth();
        narrow = shape.precision != Precision.FLOAT32;
        input = new Linear(shape, config.width(), width);
        output = new Linear(shape, joinedWidth, config.width());
        heads = new HeadTensors(shape);
        joined = narrow ? shape.arena.empty(shape.computeType(), shape.tokens, joinedWidth) : heads.attended;
        projected = narrow ? shape.computeScratch(Slot.PROJECTED, shape.tokens, width) : heads.heads;
        joinedGradient =
                narrow ? shape.computeGradientScratch(Slot.JOINED, shape.tokens, joinedWidth) : heads.attendedGradient;
        biasSum = shape.gradientScratch(Slot.BIAS, width);
        boolean drops = shape.training && config.dropout() > 0;
        linearWeights = config.attentionKinds().contains(AttentionKind.LINEAR) ? new LinearWeights(shape, drops) : null;
        core = shape.plan.blocksAttention()
                ? new BlockedAttention(shape, heads)
                : new WholeAttention(shape, heads, linearWeights);
        boolean norms = config.norms().queryKey();
        queryNorm = norms ? new RmsNorm(shape, attention.headSize(), shape.tokens, attention.heads()) : null;
        keyNorm = norms ? new RmsNorm(shape, attention.headSize(), shape.tokens, attention.keyValueHeads()) : null;
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
            heads.heads.copy_(projected);
        }
        if (queryNorm != null && keyNorm != null) {
            queryNorm.forwardFloat32(queryHeads(heads.heads), queryHeads(heads.heads), norms.queryNorm());
            keyNorm.forwardFloat32(keyHeads(heads.heads), keyHeads(heads.heads), norms.keyNorm());
        }
        if (positions.linear() && linearWeights != null) {
            linearWeights.map(heads.heads);
        }
        rotate(heads.heads, positions.rotation());
        core.forward(positions, bias, masks);
        if (narrow) {
            joined.copy_(heads.attended);
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
        output.addWeightGradient(gradients.attentionOutput(), outputGradient, joined, weights.attentionOutput());
        output.inputGradient(joinedGradient, outputGradient, weights.attentionOutput());
        if (narrow) {
            heads.attendedGradient.copy_(joinedGradient);
        }
        core.backward(positions, bias, drop);
        rotate(heads.headGradient, positions.rotationBack());
        if (positions.linear() && linearWeights != null) {
            linearWeights.featureGradient(heads.headGradient, heads.rowSum, positions);
        }
        if (queryNorm != null && keyNorm != null) {
            queryNorm.backwardInPlace(queryHeads(heads.headGradient), gradients.queryNorm(), norms.queryNorm());
            keyNorm.backwardInPlace(keyHeads(heads.headGradient), gradients.keyNorm(), norms.keyNorm());
        }

        Tensor projectedGradient = heads.headGradient;
        if (narrow) {
            projected.copy_(heads.headGradient);
            projectedGradient = projected;
        }
        if (gradients.queryKeyValueBias().numel() > 0) {
            torch.sum_out(biasSum, heads.headGradient, FIRST, false, new ScalarTypeOptional());
            gradients.queryKeyValueBias().add_(biasSum);
        }
        input.addWeightGradient(gradients.queryKeyValue(), projectedGradient, h, weights.queryKeyValue());
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
