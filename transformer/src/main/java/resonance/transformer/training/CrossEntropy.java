package resonance.transformer.training;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.transformer.tensor.Precision;

/**
 * The head of a decoder with cross-entropy against target tokens, weighted by position, and its gradient.
 *
 * <pre>
 *   z       = outputScale · h W^T                                        (N, V)
 *   loss    = −Σ_n weight_n · logSoftmax(z_n)[target_n]
 *   dz_n    = weight_n · (softmax(z_n) − onehot(target_n))               (N, V)
 *   dh, dW  = outputScale · dz W,  outputScale · dz^T h
 * </pre>
 *
 * <p>Ignored positions have weight 0. In training in bfloat16 the factors of the three products are bfloat16 where the vocabulary is
 * large ({@link Trainer#headPrecision}), and so are logits before they are widened. Logits exist for a run of rows at a time, about {@value #LOGITS} of them: a run's gradient
 * is made as soon as its loss is, so the logits of all rows are never held where there are many.
 */
final class CrossEntropy {
    /** Elements of the logits of a run of rows, about. */
    private static final int LOGITS = 1 << 24;

    /** The same in bfloat16, where adding to the head's gradient takes long beside its product. */
    private static final int NARROW_LOGITS = 1 << 25;

    private static final int FEWEST_ROWS = 64;

    /** Sees the logits of a run of rows, (rows, V), and −ln p of their targets, (rows, 1); {@code first} is the first row. */
    @FunctionalInterface
    interface Run {
        void accept(Tensor logits, Tensor negativeLogLikelihoods, int first);
    }

    private final PassShape shape;
    private final double outputScale;
    private final int rows; // of a run, at most
    private final Tensor targets; // (rows, 1) int64
    private final Tensor weights; // (rows, 1)
    private final Tensor logits; // (rows, V)
    private final Tensor logProbabilities; // (rows, V); the logits themselves in training, where nobody asks for these
    private final Tensor picked; // (rows, 1)
    private final Tensor minusOnes; // (rows, 1)
    private final boolean narrow; // whether the head's products are bfloat16
    private final Tensor narrowLogits; // (rows, V)
    private final Tensor narrowFeatures; // (rows, D)
    private final Tensor narrowProduct; // (rows, D)
    private final Tensor narrowHeadGradient; // (V, D)
    private final long[] targetValues;
    private final float[] weightValues;

    CrossEntropy(PassShape shape) {
        this.shape = shape;
        outputScale = shape.config.embedding().outputScale();
        int vocabulary = shape.config.vocabularySize();
        narrow = shape.training && Trainer.headPrecision(shape.config, shape.precision) != Precision.FLOAT32;
        int elements = narrow ? NARROW_LOGITS : LOGITS;
        rows = (int) Math.min(shape.tokens, Math.max(FEWEST_ROWS, elements / vocabulary));
        targets = shape.arena.empty(ScalarType.Long, rows, 1);
        weights = shape.arena.floats(rows, 1);
        logits = shape.arena.floats(rows, vocabulary);
        logProbabilities = shape.training ? logits : shape.arena.floats(rows, vocabulary);
        int width = shape.config.width();
        ScalarType type = shape.computeType();
        narrowLogits = shape.arena.empty(type, narrow ? rows : 0, vocabulary);
        narrowFeatures = shape.arena.empty(type, narrow ? rows : 0, width);
        narrowProduct = shape.arena.empty(type, narrow ? rows : 0, width);
        narrowHeadGradient = shape.arena.empty(type, narrow ? vocabulary : 0, width);
        picked = shape.arena.floats(rows, 1);
        minusOnes = shape.arena.floats(rows, 1);
        try (PointerScope scope = new PointerScope()) {
            minusOnes.fill_(new Scalar(-1.0));
        }
        targetValues = new long[rows];
        weightValues = new float[rows];
    }

    /**
     * Shows each run of rows its logits and −ln p of its targets, 0 at ignored positions; not in training.
     *
     * @param h (N, D) float32
     * @param head W (V, D) float32
     */
    void forEachRun(Tensor h, Tensor head, TokenBatch batch, int offset, Run run) {
        for (int first = 0; first < shape.tokens; first += rows) {
            try (PointerScope scope = new PointerScope()) {
                int count = (int) Math.min(rows, shape.tokens - first);
                Tensor scaled = logits.narrow(0, 0, count);
                torch.mm_out(scaled, h.narrow(0, first, count), head.t());
                Tensor likelihoods = likelihoods(scaled, batch.targets(), offset + first, 1);
                run.accept(scaled, likelihoods, first);
            }
        }
    }

    /**
     * The loss; its gradient with respect to h goes into {@code gradient}, and that with respect to W is added to {@code
     * headGradient}, where that has elements.
     *
     * @param h (N, D) float32
     * @param head W (V, D) float32
     * @param computeHead the same of the compute type
     * @param weight of positions that are not ignored
     */
    double lossAndGradient(
            Tensor h,
            Tensor head,
            Tensor computeHead,
            TokenBatch batch,
            int offset,
            float weight,
            Tensor gradient,
            Tensor headGradient) {
        double loss = 0;
        for (int first = 0; first < shape.tokens; first += rows) {
            try (PointerScope scope = new PointerScope()) {
                int count = (int) Math.min(rows, shape.tokens - first);
                Tensor part = h.narrow(0, first, count);
                Tensor scaled = logits.narrow(0, 0, count);
                if (narrow) {
                    narrowFeatures.narrow(0, 0, count).copy_(part);
                    Tensor product = narrowLogits.narrow(0, 0, count);
                    torch.mm_out(product, narrowFeatures.narrow(0, 0, count), computeHead.t());
                    scaled.copy_(product);
                } else {
                    torch.mm_out(scaled, part, head.t());
                }
                loss += likelihoods(scaled, batch.targets(), offset + first, weight)
                        .sum()
                        .item_double();
                Tensor result = gradient.narrow(0, first, count);
                if (narrow) {
                    narrowGradients(logitGradient(count), computeHead, result, headGradient);
                } else {
                    Tensor logitGradient = logitGradient(count);
                    if (headGradient.numel() > 0) {
                        headGradient.addmm_(logitGradient.t(), part);
                    }
                    torch.mm_out(result, logitGradient, head);
                }
            }
        }
        return loss;
    }

    private void narrowGradients(Tensor logitGradient, Tensor head, Tensor result, Tensor headGradient) {
        long count = logitGradient.size(0);
        Tensor rounded = narrowLogits.narrow(0, 0, count);
        rounded.copy_(logitGradient);
        if (headGradient.numel() > 0) {
            torch.mm_out(narrowHeadGradient, rounded.t(), narrowFeatures.narrow(0, 0, count));
            headGradient.add_(narrowHeadGradient);
        }
        Tensor product = narrowProduct.narrow(0, 0, count);
        torch.mm_out(product, rounded, head);
        result.copy_(product);
    }

    /** −ln p of the targets of a run times its weight, (rows, 1), of logits that are not scaled yet. */
    private Tensor likelihoods(Tensor scaled, int[] targetIds, int offset, float weight) {
        scale(scaled);
        int count = Math.toIntExact(scaled.size(0));
        for (int i = 0; i < count; i++) {
            int target = targetIds[offset + i];
            boolean counts = target != TokenBatch.IGNORED;
            targetValues[i] = counts ? target : 0;
            weightValues[i] = counts ? weight : 0;
        }
        Tensor ids = targets.narrow(0, 0, count);
        Tensor perRow = weights.narrow(0, 0, count);
        ids.copy_(torch.from_blob(
                new LongPointer(targetValues), new long[] {count, 1}, new TensorOptions(ScalarType.Long)));
        perRow.copy_(torch.from_blob(new FloatPointer(weightValues), new long[] {count, 1}));
        Tensor normalised = logProbabilities.narrow(0, 0, count);
        torch.log_softmax_out(normalised, scaled, 1);
        Tensor chosen = picked.narrow(0, 0, count);
        torch.gather_out(chosen, normalised, 1, ids);
        chosen.mul_(perRow);
        return chosen.neg_();
    }

    /** The gradient of the last run's logits before they are scaled, (rows, V). */
    private Tensor logitGradient(int count) {
        Tensor gradient = logProbabilities.narrow(0, 0, count);
        gradient.exp_();
        gradient.scatter_add_(1, targets.narrow(0, 0, count), minusOnes.narrow(0, 0, count));
        gradient.mul_(weights.narrow(0, 0, count));
        scale(gradient);
        return gradient;
    }

    private void scale(Tensor tensor) {
        if (outputScale != 1) {
            tensor.mul_(new Scalar(outputScale));
        }
    }
}
