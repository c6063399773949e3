package resonance.transformer.training;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Cross-entropy of logits against target tokens, weighted by position, and its gradient.
 *
 * <pre>
 *   loss    = −Σ_n weight_n · logSoftmax(z_n)[target_n]
 *   dz_n    = weight_n · (softmax(z_n) − onehot(target_n))      (N, V)
 * </pre>
 *
 * <p>Ignored positions have weight 0.
 */
final class CrossEntropy {
    private final PassShape shape;
    private final Tensor targets; // (N, 1) int64
    private final Tensor weights; // (N, 1)
    private final Tensor logProbabilities; // (N, V)
    private final Tensor picked; // (N, 1)
    private final Tensor minusOnes; // (N, 1)
    private final long[] targetValues;
    private final float[] weightValues;

    CrossEntropy(PassShape shape) {
        this.shape = shape;
        int n = Math.toIntExact(shape.tokens);
        targets = shape.arena.empty(ScalarType.Long, n, 1);
        weights = shape.arena.floats(n, 1);
        logProbabilities = shape.arena.floats(n, shape.config.vocabularySize());
        picked = shape.arena.floats(n, 1);
        minusOnes = shape.arena.floats(n, 1);
        try (PointerScope scope = new PointerScope()) {
            minusOnes.fill_(new Scalar(-1.0));
        }
        targetValues = new long[n];
        weightValues = new float[n];
    }

    /** Negative log-likelihoods of the targets, float32 (N, 1); 0 at ignored positions where {@code weight} is 1. */
    Tensor negativeLogLikelihoods(Tensor logits, int[] targetIds, int offset, float weight) {
        for (int i = 0; i < targetValues.length; i++) {
            int target = targetIds[offset + i];
            boolean counts = target != TokenBatch.IGNORED;
            targetValues[i] = counts ? target : 0;
            weightValues[i] = counts ? weight : 0;
        }
        targets.copy_(torch.from_blob(
                new LongPointer(targetValues), new long[] {shape.tokens, 1}, new TensorOptions(ScalarType.Long)));
        weights.copy_(torch.from_blob(new FloatPointer(weightValues), new long[] {shape.tokens, 1}));
        torch.log_softmax_out(logProbabilities, logits, 1);
        torch.gather_out(picked, logProbabilities, 1, targets);
        picked.mul_(weights);
        return picked.neg_();
    }

    /** The gradient of the sum of the last {@link #negativeLogLikelihoods}, float32 (N, V). */
    Tensor gradient() {
        logProbabilities.exp_();
        logProbabilities.scatter_add_(1, targets, minusOnes);
        return logProbabilities.mul_(weights);
    }
}
