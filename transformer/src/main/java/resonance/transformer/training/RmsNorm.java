package resonance.transformer.training;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * Root-mean-square norm and its gradient (Zhang and Sennrich 2019), without a mean and without a bias.
 *
 * <pre>
 *   r = (mean(x²) + ε)^(-1/2)    (N, 1)
 *   h = w · x r                  (N, D)
 *   dw = Σ_n dh · x r
 *   dx = r (dh·w − x r · mean(dh·w · x r))
 * </pre>
 *
 * <p>x r is kept for the gradient.
 */
final class RmsNorm {
    private enum Slot {
        NORMED,
        PRODUCT,
        WEIGHTED,
        ROW,
        DOT,
        SUM
    }

    private static final long[] LAST = {-1};
    private static final long[] FIRST = {0};

    private final boolean narrow;
    private final Tensor norm; // (N, 1): |x|
    private final Tensor inverse; // (N, 1): r
    private final Tensor normed; // (N, D): x r
    private final Tensor weighted; // (N, D): w · x r, before it is narrowed
    private final Tensor product; // (N, D)
    private final Tensor sum; // (D)
    private final Tensor dot; // (N)
    private final Tensor epsilon; // (1)
    private final Scalar two;
    private final Scalar perFeature; // 1 / D
    private final Scalar minusPerFeature;

    RmsNorm(PassShape shape) {
        narrow = shape.precision != Precision.FLOAT32;
        int width = shape.config.width();
        TensorArena arena = shape.arena;
        norm = shape.scratch(Slot.ROW, shape.tokens, 1);
        inverse = arena.floats(shape.tokens, 1);
        normed = shape.training ? arena.floats(shape.tokens, width) : shape.scratch(Slot.NORMED, shape.tokens, width);
        weighted = shape.scratch(Slot.WEIGHTED, narrow ? shape.tokens : 0, width);
        epsilon = arena.floats(1);
        two = arena.scalar(2);
        perFeature = arena.scalar(1.0 / width);
        minusPerFeature = arena.scalar(-1.0 / width);
        try (PointerScope scope = new PointerScope()) {
            epsilon.fill_(new Scalar(shape.config.norms().epsilon()));
        }
        product = shape.gradientScratch(Slot.PRODUCT, shape.tokens, width);
        sum = shape.gradientScratch(Slot.SUM, width);
        dot = shape.gradientScratch(Slot.DOT, shape.tokens);
    }

    /** result = w · x r; result (N, D) of the compute type. */
    void forward(Tensor result, Tensor x, Tensor weight) {
        if (narrow) {
            forwardFloat32(weighted, x, weight);
            result.copy_(weighted);
        } else {
            forwardFloat32(result, x, weight);
        }
    }

    /** result = w · x r; result (N, D) float32. */
    void forwardFloat32(Tensor result, Tensor x, Tensor weight) {
        torch.linalg_vector_norm_out(norm, x, two, LAST, true, new ScalarTypeOptional());
        torch.addcmul_out(inverse, epsilon, norm, norm, perFeature);
        inverse.rsqrt_();
        torch.mul_out(normed, x, inverse);
        torch.mul_out(result, normed, weight);
    }

    /**
     * Adds the gradient of x to {@code inputGradient} and that of w to {@code weightGradient}, unless that has no elements.
     *
     * @param outputGradient dh (N, D) float32; overwritten
     */
    void backward(Tensor inputGradient, Tensor weightGradient, Tensor outputGradient, Tensor weight) {
        torch.mul_out(product, outputGradient, normed); // (N, D)
        if (weightGradient.numel() > 0) {
            torch.sum_out(sum, product, FIRST, false, new ScalarTypeOptional()); // (D)
            weightGradient.add_(sum);
        }
        torch.mv_out(dot, product, weight); // (N)
        outputGradient.mul_(weight);
        outputGradient.addcmul_(normed, dot.unsqueeze(1), minusPerFeature);
        inputGradient.addcmul_(outputGradient, inverse);
    }
}
