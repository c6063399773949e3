package resonance.transformer;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

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
 * <p>x is not copied: the caller keeps it unchanged until the backward pass.
 */
final class RmsNorm {
    private static final int NORMED_SLOT = 110;
    private static final int PRODUCT_SLOT = 111;
    private static final int ROW_SLOT = 112;
    private static final int DOT_SLOT = 113;
    private static final long[] LAST = {-1};
    private static final long[] FIRST = {0};

    private final boolean narrow;
    private final Tensor inverse; // (N, 1): r
    private final Tensor normed; // (N, D)
    private final Tensor product; // (N, D)
    private final Tensor sum; // (D)
    private final Tensor dot; // (N)
    private final int width;
    private final double epsilon;

    RmsNorm(PassShape shape) {
        narrow = shape.precision != Precision.FLOAT32;
        width = shape.config.width();
        epsilon = shape.config.normEpsilon();
        inverse = shape.arena.floats(shape.tokens, 1);
        normed = shape.scratch(NORMED_SLOT, shape.tokens, width);
        product = shape.gradientScratch(PRODUCT_SLOT, shape.tokens, width);
        sum = shape.gradientScratch(ROW_SLOT, width);
        dot = shape.gradientScratch(DOT_SLOT, shape.tokens);
    }

    /** result = w · x r; result (N, D) of the compute type. */
    void forward(Tensor result, Tensor x, Tensor weight) {
        if (narrow) {
            forwardFloat32(normed, x, weight);
            result.copy_(normed);
        } else {
            forwardFloat32(result, x, weight);
        }
    }

    /** result = w · x r; result (N, D) float32. */
    void forwardFloat32(Tensor result, Tensor x, Tensor weight) {
        torch.linalg_vector_norm_out(inverse, x, new Scalar(2.0), LAST, true, new ScalarTypeOptional());
        inverse.mul_(inverse);
        inverse.mul_(new Scalar(1.0 / width));
        inverse.add_(new Scalar(epsilon));
        inverse.rsqrt_();
        torch.mul_out(result, x, inverse);
        result.mul_(weight);
    }

    /**
     * Adds the gradient of x to {@code inputGradient} and that of w to {@code weightGradient}.
     *
     * @param outputGradient dh (N, D) float32; overwritten
     */
    void backward(Tensor inputGradient, Tensor weightGradient, Tensor outputGradient, Tensor x, Tensor weight) {
        torch.mul_out(normed, x, inverse); // (N, D)
        torch.mul_out(product, outputGradient, normed); // (N, D)
        torch.sum_out(sum, product, FIRST, false, new ScalarTypeOptional()); // (D)
        weightGradient.add_(sum);
        torch.mv_out(dot, product, weight); // (N)
        outputGradient.mul_(weight);
        outputGradient.addcmul_(normed, dot.unsqueeze(1), new Scalar(-1.0 / width));
        inputGradient.addcmul_(outputGradient, inverse);
    }
}
