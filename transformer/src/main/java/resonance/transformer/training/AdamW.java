package resonance.transformer.training;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.rope.Refusal;

/**
 * AdamW (Loshchilov and Hutter 2019) on a range of the flat parameter vector, in PyTorch's form.
 *
 * <pre>
 *   p ← p (1 − lr·decay)
 *   m ← β1 m + (1 − β1) g         v ← β2 v + (1 − β2) g²
 *   p ← p − lr/(1 − β1^t) · m / ( sqrt(v / (1 − β2^t)) + ε )         t = 1, 2, …
 * </pre>
 *
 * <p>Decay applies to every parameter, norm weights and embeddings included, as the authors' optimiser has it. With a
 * cycled β1 the power β1^t takes the β1 of the step, as PyTorch does.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the denominator, above 0
 * @param weightDecay decoupled decay, from 0 to 1e6
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {
    /** PyTorch's defaults, which the paper's experiments use: β 0.9 and 0.999, ε 1e-8, decay 1e-2. */
    public static final AdamW DEFAULT = new AdamW(0.9, 0.999, 1e-8, 1e-2);

    /** Far beyond any use; what is made of it still fits a float32. */
    private static final double LARGEST_DECAY = 1e6;

    public AdamW {
        requireFraction("beta1", beta1);
        requireFraction("beta2", beta2);
        if (!(epsilon > 0)) {
            throw Refusal.of("epsilon", "must be above 0", "was " + epsilon);
        }
        if (!(weightDecay >= 0 && weightDecay <= LARGEST_DECAY)) {
            throw Refusal.of("weightDecay", "must be from 0 to 1000000", "was " + weightDecay);
        }
    }

    private static void requireFraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw Refusal.of(name, "must be at least 0 and below 1", "was " + value);
        }
    }

    /**
     * One update in place.
     *
     * @param step steps done before this one
     * @param scratch float32 of the same shape, overwritten
     */
    void update(
            Tensor parameters,
            Tensor gradients,
            Tensor firstMoments,
            Tensor secondMoments,
            Tensor scratch,
            long step,
            double learningRate,
            double stepBeta1) {
        try (PointerScope scope = new PointerScope()) {
            double correction1 = 1 - Math.pow(stepBeta1, step + 1.0);
            double correction2 = 1 - Math.pow(beta2, step + 1.0);
            parameters.mul_(new Scalar(1 - learningRate * weightDecay));
            firstMoments.lerp_(gradients, new Scalar(1 - stepBeta1));
            secondMoments.mul_(new Scalar(beta2));
            secondMoments.addcmul_(gradients, gradients, new Scalar(1 - beta2));
            torch.sqrt_out(scratch, secondMoments);
            scratch.mul_(new Scalar(1 / Math.sqrt(correction2)));
            scratch.add_(new Scalar(epsilon));
            parameters.addcdiv_(firstMoments, scratch, new Scalar(-learningRate / correction1));
        }
    }
}
