package resonance.transformer.training;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * One pass of B sequences of T tokens through the decoder, forward and backward, in memory allocated once.
 *
 * <p>Legend: B sequences, T tokens, N = B T, D width, H query heads, K key/value heads, G = H / K, S head size, F
 * feed-forward width, V vocabulary.
 *
 * <p>Gradients are written out by hand instead of recorded: a pass is then about 60 operators a block into tensors that
 * exist already, so a step allocates nothing, and with about a thousand tokens a pass the caches still hold what one operator
 * wrote when the next one reads it.
 *
 * <p>Dropout scales what it keeps by 1/(1−p). The mask inside the feed-forward holds plain ones; its scale is applied in
 * the mask at the feed-forward's output, where both scales are one factor.
 *
 * <p>A pass that is not for training keeps one set of activations for all blocks and can't go backward. Not thread safe.
 */
final class DecoderPass {
    private enum Slot {
        BRANCH,
        BRANCH_GRADIENT
    }

    private final DecoderConfig config;
    private final PassShape shape;
    private final boolean training;
    private final Tensor tokens; // (N) int64
    private final long[] tokenValues;
    private final List<Tensor> residuals = new ArrayList<>(); // (N, D): before each half block, and the last
    private final List<Tensor> normed = new ArrayList<>(); // (N, D) of the compute type: input of each half block
    private final List<RmsNorm> norms = new ArrayList<>();
    private final List<SelfAttention> attentions = new ArrayList<>();
    private final List<FeedForward> feedForwards = new ArrayList<>();
    private final List<Tensor> branchMasks = new ArrayList<>(); // (N, D): embedding, each half block, final norm
    private final RmsNorm finalNorm;
    private final Tensor output; // (N, D) after the final norm
    private final Tensor logits; // (N, V)
    private final Tensor residualGradient; // (N, D) or (0)
    private final CrossEntropy crossEntropy;
    private final Tensor branch; // (N, D): output of a half block, and the gradient of its input
    private final Tensor maskedGradient; // (N, D)
    private final Tensor narrowGradient; // (N, D) of the compute type

    private boolean dropping;

    DecoderPass(PassShape shape) {
        this.shape = shape;
        this.config = shape.config;
        this.training = shape.training;
        TensorArena arena = shape.arena;
        long n = shape.tokens;
        int d = config.width();
        tokens = arena.empty(ScalarType.Long, n);
        tokenValues = new long[Math.toIntExact(n)];
        int distinct = training ? config.layers() : 1;
        for (int i = 0; i < distinct; i++) {
            attentions.add(new SelfAttention(shape));
            feedForwards.add(new FeedForward(shape));
        }
        for (int i = 0; i < 2 * distinct; i++) {
            norms.add(new RmsNorm(shape));
            normed.add(arena.empty(shape.computeType(), n, d));
            residuals.add(arena.floats(n, d));
        }
        residuals.add(arena.floats(n, d));
        if (training && config.dropout() > 0) {
            for (int i = 0; i < 2 * config.layers() + 2; i++) {
                branchMasks.add(arena.floats(n, d));
            }
        }
        finalNorm = new RmsNorm(shape);
        output = arena.floats(n, d);
        logits = arena.floats(n, config.vocabularySize());
        residualGradient = arena.floats(training ? n : 0, d);
        crossEntropy = new CrossEntropy(shape);
        branch = shape.scratch(Slot.BRANCH, n, d);
        maskedGradient = shape.gradientScratch(Slot.BRANCH_GRADIENT, n, d);
        narrowGradient = shape.computeGradientScratch(Slot.BRANCH_GRADIENT, n, d);
    }

    int rows() {
        return shape.rows;
    }

    int length() {
        return shape.length;
    }

    /**
     * Logits of the tokens from {@code offset} on, float32 (N, V), valid until the next pass.
     *
     * @param weights float32 weights
     * @param computeWeights the same of the compute type (the same object in float32)
     * @param positions the encoding's tables for T positions
     * @param masks seeded dropout masks, or null for none
     */
    Tensor forward(
            int[] tokenIds,
            int offset,
            DecoderTensors weights,
            DecoderTensors computeWeights,
            PassPositions positions,
            @Nullable DropoutMasks masks) {
        for (int i = 0; i < tokenValues.length; i++) {
            tokenValues[i] = tokenIds[offset + i];
        }
        tokens.copy_(torch.from_blob(
                new LongPointer(tokenValues), new long[] {shape.tokens}, new TensorOptions(ScalarType.Long)));
        dropping = masks != null;
        torch.index_select_out(residual(0), weights.embedding, 0, tokens);
        if (config.embedding().scale() != 1) {
            residual(0).mul_(new Scalar(config.embedding().scale()));
        }
        if (positions.input() != null) {
            residual(0).view(shape.rows, shape.length, config.width()).add_(positions.input());
        }
        if (masks != null) {
            residual(0).mul_(filledMask(masks, 0, masks.keptScale()));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            try (PointerScope scope = new PointerScope()) {
                DecoderTensors.Block block = weights.blocks.get(layer);
                DecoderTensors.Block compute = computeWeights.blocks.get(layer);
                Tensor before = residual(2 * layer);
                Tensor middle = residual(2 * layer + 1);
                norm(2 * layer).forward(normed(2 * layer), before, block.attentionNorm());
                attention(layer)
                        .forward(
                                branch,
                                normed(2 * layer),
                                compute,
                                positions.layers().get(layer),
                                masks);
                addBranch(middle, before, branch, masks, 2 * layer + 1, masks == null ? 1 : masks.keptScale());
                norm(2 * layer + 1).forward(normed(2 * layer + 1), middle, block.feedForwardNorm());
                feedForward(layer).forward(branch, normed(2 * layer + 1), compute, masks);
                float bothScales = masks == null ? 1 : masks.keptScale() * masks.keptScale();
                addBranch(residual(2 * layer + 2), middle, branch, masks, 2 * layer + 2, bothScales);
            }
        }
        finalNorm.forwardFloat32(output, residual(2 * config.layers()), weights.finalNorm);
        if (masks != null) {
            output.mul_(filledMask(masks, 2 * config.layers() + 1, masks.keptScale()));
        }
        torch.mm_out(logits, output, weights.head.t());
        if (config.embedding().outputScale() != 1) {
            logits.mul_(new Scalar(config.embedding().outputScale()));
        }
        return logits;
    }

    /** Negative log-likelihood of each target under the last forward pass's logits times {@code weight}, (N, 1). */
    Tensor negativeLogLikelihoods(int[] targets, int offset, float weight) {
        return crossEntropy.negativeLogLikelihoods(logits, targets, offset, weight);
    }

    /** Adds the gradient of the sum of the last negative log-likelihoods to {@code gradients}, where those have elements. */
    void backward(
            DecoderTensors weights, DecoderTensors computeWeights, DecoderTensors gradients, PassPositions positions) {
        if (!training) {
            throw new IllegalStateException(
                    "the pass must be made for training to go backward, was made for inference");
        }
        Tensor logitGradient = crossEntropy.gradient();
        if (config.embedding().outputScale() != 1) {
            logitGradient.mul_(new Scalar(config.embedding().outputScale()));
        }
        if (gradients.head.numel() > 0) {
            gradients.head.addmm_(logitGradient.t(), output);
        }
        torch.mm_out(branch, logitGradient, weights.head);
        if (dropping) {
            branch.mul_(branchMasks.get(2 * config.layers() + 1));
        }
        residualGradient.zero_();
        finalNorm.backward(residualGradient, gradients.finalNorm, branch, weights.finalNorm);
        for (int layer = config.layers() - 1; layer >= 0; layer--) {
            try (PointerScope scope = new PointerScope()) {
                DecoderTensors.Block block = weights.blocks.get(layer);
                DecoderTensors.Block compute = computeWeights.blocks.get(layer);
                DecoderTensors.Block gradient = gradients.blocks.get(layer);
                feedForward(layer)
                        .backward(
                                branch,
                                outputGradient(2 * layer + 2),
                                normed(2 * layer + 1),
                                compute,
                                gradient,
                                dropping);
                norm(2 * layer + 1)
                        .backward(residualGradient, gradient.feedForwardNorm(), branch, block.feedForwardNorm());
                attention(layer)
                        .backward(
                                branch,
                                outputGradient(2 * layer + 1),
                                normed(2 * layer),
                                compute,
                                gradient,
                                positions.layers().get(layer),
                                dropping);
                norm(2 * layer).backward(residualGradient, gradient.attentionNorm(), branch, block.attentionNorm());
            }
        }
        if (gradients.embedding.numel() == 0) {
            return;
        }
        if (dropping) {
            residualGradient.mul_(branchMasks.get(0));
        }
        if (config.embedding().scale() != 1) {
            residualGradient.mul_(new Scalar(config.embedding().scale()));
        }
        gradients.embedding.add_(
                torch.embedding_dense_backward(residualGradient, tokens, config.vocabularySize(), -1, false));
    }

    /** The gradient of a half block's output: the residual's, through the branch's mask, in the compute type. */
    private Tensor outputGradient(int mask) {
        Tensor gradient = residualGradient;
        if (dropping) {
            gradient = maskedGradient;
            torch.mul_out(gradient, residualGradient, branchMasks.get(mask));
        }
        if (shape.precision == Precision.FLOAT32) {
            return gradient;
        }
        narrowGradient.copy_(gradient);
        return narrowGradient;
    }

    /** after = before + branch, through the branch's mask where there is dropout. */
    private void addBranch(
            Tensor after, Tensor before, Tensor branch, @Nullable DropoutMasks masks, int mask, float kept) {
        if (masks != null) {
            torch.addcmul_out(after, before, branch, filledMask(masks, mask, kept));
        } else {
            torch.add_out(after, before, branch);
        }
    }

    private Tensor filledMask(DropoutMasks masks, int index, float kept) {
        Tensor mask = branchMasks.get(index);
        masks.fill(mask, kept);
        return mask;
    }

    private Tensor residual(int index) {
        return residuals.get(training ? index : 0);
    }

    private Tensor normed(int index) {
        return normed.get(training ? index : index % 2);
    }

    private RmsNorm norm(int index) {
        return norms.get(training ? index : index % 2);
    }

    private SelfAttention attention(int layer) {
        return attentions.get(training ? layer : 0);
    }

    private FeedForward feedForward(int layer) {
        return feedForwards.get(training ? layer : 0);
    }
}
