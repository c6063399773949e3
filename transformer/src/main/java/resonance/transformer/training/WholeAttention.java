package resonance.transformer.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.TensorArena;

/**
 * {@link AttentionCore} that keeps the weights of all queries and keys, (B, H, T, T): fastest where texts are short.
 *
 * <p>With a dropout mask M/(1−p) the gradient of the scores is dP·(P·M) − P·Σ: the dropped probabilities, which are kept, are all
 * it needs of the mask.
 */
final class WholeAttention implements AttentionCore {
    private enum Slot {
        SCORES
    }

    private static final long[] LAST = {-1};

    private final PassShape shape;
    private final DecoderConfig config;
    private final HeadTensors heads;
    private final @Nullable LinearWeights linearWeights;
    private final CausalProducts products;
    private final Tensor probabilities; // (B, H, T, T)
    private final Tensor dropped; // (B, H, T, T); the probabilities themselves without dropout
    private final Tensor scoreGradient; // (B, H, T, T)
    private final Scalar minusOne;

    /** @param linearWeights for linear layers; null if there are none */
    WholeAttention(PassShape shape, HeadTensors heads, @Nullable LinearWeights linearWeights) {
        this.shape = shape;
        this.config = shape.config;
        this.heads = heads;
        this.linearWeights = linearWeights;
        TensorArena arena = shape.arena;
        int b = shape.rows;
        int t = shape.length;
        int h = config.attention().heads();
        products = CausalProducts.on(arena.device(), b, t, h);
        probabilities = arena.floats(b, h, t, t);
        boolean drops = shape.training && config.dropout() > 0;
        dropped = drops ? arena.floats(b, h, t, t) : probabilities;
        scoreGradient = shape.gradientScratch(Slot.SCORES, b, h, t, t);
        scoreGradient.zero_(); // what the products never write must be finite
        minusOne = arena.scalar(-1);
    }

    @Override
    public void forward(PassPositions.Layer positions, @Nullable LearnedBias bias, @Nullable DropoutMasks masks) {
        LinearWeights linear = positions.linear() ? linearWeights : null;
        if (linear != null) {
            probabilities.zero_();
            products.addOuter(probabilities, heads.queries, heads.keys);
            linear.normalise(probabilities, positions);
        } else {
            probabilities.copy_(positions.mask().expand(probabilities.sizes()));
            if (bias != null) {
                probabilities.add_(bias.scores());
            }
            products.addOuter(probabilities, heads.queries, heads.keys);
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
        products.times(heads.attendedHeads, attending, heads.values);
    }

    @Override
    public void backward(PassPositions.Layer positions, @Nullable LearnedBias bias, boolean drop) {
        products.transposedTimes(heads.valueGradient, drop ? dropped : probabilities, heads.attendedGradients);
        products.outer(scoreGradient, heads.attendedGradients, heads.values);
        heads.attendedGradient.mul_(heads.attended);
        torch.sum_out(
                heads.rowSum,
                heads.attendedGradient.view(
                        shape.tokens,
                        config.attention().heads(),
                        config.attention().headSize()),
                LAST,
                false,
                new ScalarTypeOptional());
        Tensor rowSums = heads.rowSum
                .view(shape.rows, shape.length, config.attention().heads(), 1)
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
        products.times(heads.queryGradient, scoreGradient, heads.keys);
        products.transposedTimes(heads.keyGradient, scoreGradient, heads.queries);
    }
}
