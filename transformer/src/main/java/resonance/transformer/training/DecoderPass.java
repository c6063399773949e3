package resonance.transformer.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.HostCopy;
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
 * <p>A pass that recomputes ({@link ActivationMemory}) keeps what enters each block and one set of activations for all blocks; one
 * that is not for training keeps one set of everything and can't go backward. Not thread safe.
 */
final class DecoderPass {
    private enum Slot {
        BRANCH,
        BRANCH_GRADIENT
    }

    private final DecoderConfig config;
    private final PassShape shape;
    private final DecoderTensors weights;
    private final DecoderTensors computeWeights;
    private final RowPositions tables;
    private final Tensor tokens; // (N) int64
    private final List<Tensor> residuals; // (N, D): before each half block, and the last
    private final List<Tensor> normed; // (N, D) of the compute type: input of each half block
    private final List<RmsNorm> norms; // of each half block
    private final List<RmsNorm> postNorms; // of each half block's output, where the decoder has them
    private final List<SelfAttention> attentions;
    private final List<FeedForward> feedForwards;
    private final List<Tensor> branchMasks; // (N, D): embedding, each half block, final norm
    private final @Nullable LearnedBias bias; // on the scores of every layer
    private final RmsNorm finalNorm;
    private final Tensor output; // (N, D) after the final norm
    private final Tensor residualGradient; // (N, D) or (0)
    private final CrossEntropy crossEntropy;
    private final Tensor branch; // (N, D): output of a half block, and the gradient of its input
    private final Tensor maskedGradient; // (N, D)
    private final Tensor narrowGradient; // (N, D) of the compute type

    private PassPositions positions; // of the rows of the last pass forward
    private boolean dropping;

    /**
     * @param weights float32 weights
     * @param computeWeights the same of the compute type (the same object in float32)
     * @param tables of the encoding
     */
    DecoderPass(PassShape shape, DecoderTensors weights, DecoderTensors computeWeights, RowPositions tables) {
        this.shape = shape;
        this.config = shape.config;
        this.weights = weights;
        this.computeWeights = computeWeights;
        this.tables = tables;
        this.positions = tables.plain();
        TensorArena arena = shape.arena;
        long n = shape.tokens;
        int d = config.width();
        int layers = config.layers();
        tokens = arena.empty(ScalarType.Long, n);
        bias = config.relativeBias()
                .map(learned -> new LearnedBias(shape, learned))
                .orElse(null);
        attentions = kept(layers, 1, () -> new SelfAttention(shape));
        feedForwards = kept(layers, 1, () -> new FeedForward(shape));
        norms = kept(2 * layers, 2, () -> new RmsNorm(shape));
        postNorms = kept(config.norms().post() ? 2 * layers : 0, 2, () -> new RmsNorm(shape));
        normed = kept(2 * layers, 2, () -> arena.empty(shape.computeType(), n, d));
        residuals = residuals(layers, () -> arena.floats(n, d));
        boolean drops = shape.training && config.dropout() > 0;
        branchMasks = kept(drops ? 2 * layers + 2 : 0, 0, () -> arena.floats(n, d));
        finalNorm = new RmsNorm(shape);
        output = arena.floats(n, d);
        residualGradient = arena.floats(shape.training ? n : 0, d);
        crossEntropy = new CrossEntropy(shape);
        branch = shape.scratch(Slot.BRANCH, n, d);
        maskedGradient = shape.gradientScratch(Slot.BRANCH_GRADIENT, n, d);
        narrowGradient = shape.computeGradientScratch(Slot.BRANCH_GRADIENT, n, d);
    }

    /** Before each half block and after the last: all, or those that enter blocks, or one. */
    private List<Tensor> residuals(int layers, Supplier<Tensor> maker) {
        if (!shape.training || !shape.plan.recomputes()) {
            return kept(2 * layers + 1, 1, maker);
        }
        Tensor middle = maker.get();
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < 2 * layers + 1; i++) {
            all.add(i % 2 == 0 ? maker.get() : middle);
        }
        return all;
    }

    /** One of each for training, where the gradient needs them all; else the same few again and again. */
    private <T> List<T> kept(int count, int distinct, Supplier<T> maker) {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(shape.keepsBlocks() || i < distinct ? maker.get() : all.get(i - distinct));
        }
        return all;
    }

    /**
     * Takes a batch's tokens from {@code offset} on through the blocks.
     *
     * @param masks seeded dropout masks, or null for none
     */
    void forward(TokenBatch batch, int offset, @Nullable DropoutMasks masks) {
        positions = tables.of(batch, offset);
        tokens.copy_(HostCopy.ids(batch.inputs(), offset, Math.toIntExact(shape.tokens)));
        dropping = masks != null;
        if (bias != null) {
            bias.spread(weights.relativeBias);
        }
        Tensor embedded = residuals.get(0);
        torch.index_select_out(embedded, weights.embedding, 0, tokens);
        scale(embedded, config.embedding().scale());
        if (positions.input() != null) {
            embedded.view(shape.rows, shape.length, config.width()).add_(positions.input());
        }
        if (masks != null) {
            embedded.mul_(filledMask(masks, 0, masks.keptScale()));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            try (PointerScope scope = new PointerScope()) {
                attend(layer, masks);
                feedForward(layer, masks);
            }
        }
        finalNorm.forwardFloat32(output, residuals.get(2 * config.layers()), weights.finalNorm);
        if (masks != null) {
            output.mul_(filledMask(masks, 2 * config.layers() + 1, masks.keptScale()));
        }
    }

    /** A block's first half, from the residual that enters it to the one in its middle. */
    private void attend(int layer, @Nullable DropoutMasks masks) {
        DecoderTensors.Block block = weights.blocks.get(layer);
        Tensor before = residuals.get(2 * layer);
        Tensor h = normed.get(2 * layer);
        norms.get(2 * layer).forward(h, before, block.attentionNorm());
        attentions
                .get(layer)
                .forward(
                        branch,
                        h,
                        block,
                        computeWeights.blocks.get(layer),
                        positions.layers().get(layer),
                        bias,
                        masks);
        normBranch(2 * layer, block.attentionPostNorm());
        addBranch(
                residuals.get(2 * layer + 1),
                before,
                branch,
                masks,
                2 * layer + 1,
                masks == null ? 1 : masks.keptScale());
    }

    /** A block's second half, from the residual in its middle to the one after it. */
    private void feedForward(int layer, @Nullable DropoutMasks masks) {
        normMiddle(layer);
        branchOfFeedForward(layer, masks);
        float bothScales = masks == null ? 1 : masks.keptScale() * masks.keptScale();
        addBranch(residuals.get(2 * layer + 2), residuals.get(2 * layer + 1), branch, masks, 2 * layer + 2, bothScales);
    }

    private void normMiddle(int layer) {
        norms.get(2 * layer + 1)
                .forward(
                        normed.get(2 * layer + 1),
                        residuals.get(2 * layer + 1),
                        weights.blocks.get(layer).feedForwardNorm());
    }

    private void branchOfFeedForward(int layer, @Nullable DropoutMasks masks) {
        feedForwards.get(layer).forward(branch, normed.get(2 * layer + 1), computeWeights.blocks.get(layer), masks);
        normBranch(2 * layer + 1, weights.blocks.get(layer).feedForwardPostNorm());
    }

    /** Makes a block's activations anew, as far as its gradient needs them and the feed-forward does not do so itself. */
    private void recompute(int layer) {
        if (layer < config.layers() - 1) { // those of the last block still stand
            attend(layer, null);
            normMiddle(layer);
            if (config.norms().post()) {
                branchOfFeedForward(layer, null);
            }
        }
    }

    /** Shows the logits of the last pass forward and −ln p of each target, 0 where it is ignored, run of rows by run. */
    void losses(TokenBatch batch, int offset, CrossEntropy.Run run) {
        crossEntropy.forEachRun(output, weights.head, batch, offset, run);
    }

    /**
     * The sum of −ln p of the targets times {@code weight} after the last pass forward; {@link #backward} is to follow.
     *
     * @param gradients to which the head's is added, where it has elements
     */
    double loss(TokenBatch batch, int offset, float weight, DecoderTensors gradients) {
        requireTraining();
        return crossEntropy.lossAndGradient(
                output, weights.head, computeWeights.head, batch, offset, weight, branch, gradients.head);
    }

    private void requireTraining() {
        if (!shape.training) {
            throw new IllegalStateException(
                    "the pass must be made for training to go backward, was made for inference");
        }
    }

    /** Adds the gradient of the last {@link #loss} to {@code gradients}, where those have elements. */
    void backward(DecoderTensors gradients) {
        requireTraining();
        if (dropping) {
            branch.mul_(branchMasks.get(2 * config.layers() + 1));
        }
        residualGradient.zero_();
        if (bias != null) {
            bias.clearGradient();
        }
        finalNorm.backward(residualGradient, gradients.finalNorm, branch, weights.finalNorm);
        for (int layer = config.layers() - 1; layer >= 0; layer--) {
            try (PointerScope scope = new PointerScope()) {
                if (shape.plan.recomputes()) {
                    recompute(layer);
                }
                backward(layer, gradients.blocks.get(layer));
            }
        }
        if (bias != null) {
            bias.addGradient(gradients.relativeBias);
        }
        if (gradients.embedding.numel() == 0) {
            return;
        }
        if (dropping) {
            residualGradient.mul_(branchMasks.get(0));
        }
        scale(residualGradient, config.embedding().scale());
        gradients.embedding.add_(
                torch.embedding_dense_backward(residualGradient, tokens, config.vocabularySize(), -1, false));
    }

    private void backward(int layer, DecoderTensors.Block gradient) {
        DecoderTensors.Block block = weights.blocks.get(layer);
        DecoderTensors.Block compute = computeWeights.blocks.get(layer);
        feedForwards
                .get(layer)
                .backward(
                        branch,
                        outputGradient(2 * layer + 1, block.feedForwardPostNorm(), gradient.feedForwardPostNorm()),
                        normed.get(2 * layer + 1),
                        compute,
                        gradient,
                        dropping);
        norms.get(2 * layer + 1)
                .backward(residualGradient, gradient.feedForwardNorm(), branch, block.feedForwardNorm());
        attentions
                .get(layer)
                .backward(
                        branch,
                        outputGradient(2 * layer, block.attentionPostNorm(), gradient.attentionPostNorm()),
                        normed.get(2 * layer),
                        block,
                        compute,
                        gradient,
                        positions.layers().get(layer),
                        bias,
                        dropping);
        norms.get(2 * layer).backward(residualGradient, gradient.attentionNorm(), branch, block.attentionNorm());
    }

    /** Norms the output of a half block where the decoder does. */
    private void normBranch(int half, Tensor postNorm) {
        if (config.norms().post()) {
            postNorms.get(half).forwardFloat32(branch, branch, postNorm);
        }
    }

    /** The gradient of a half block's output: the residual's, through the branch's mask and norm, in the compute type. */
    private Tensor outputGradient(int half, Tensor postNorm, Tensor postNormGradient) {
        Tensor gradient = residualGradient;
        if (dropping) {
            gradient = maskedGradient;
            torch.mul_out(gradient, residualGradient, branchMasks.get(half + 1));
        } else if (config.norms().post()) {
            gradient = maskedGradient;
            gradient.copy_(residualGradient);
        }
        if (config.norms().post()) {
            postNorms.get(half).backwardInPlace(gradient, postNormGradient, postNorm);
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

    private static void scale(Tensor tensor, double factor) {
        if (factor != 1) {
            tensor.mul_(new Scalar(factor));
        }
    }
}
