package resonance.transformer.training;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * Root-mean-square norm over the last dimension and its gradient (Zhang and Sennrich 2019), without a mean and without a bias.
 *
 * <pre>
 *   r = (mean(x²) + ε)^(-1/2)    (N, 1)
 *   h = w · x r                  (N, D)
 *   dw = Σ_n dh · x r
 *   dx = r (dh·w − x r · mean(dh·w · x r))
 * </pre>
 *
 * <p>x r is kept for the gradient. Over heads N stands for the tokens and their heads, and D for the head size.
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
    private final Tensor productRows; // the same memory with one leading dimension
    private final Tensor sum; // (D)
    private final Tensor dot; // (N)
    private final Tensor dotColumn; // the same memory, (N, 1)
    private final Tensor epsilon; // (1)
    private final Scalar two;
    private final Scalar perFeature; // 1 / D
    private final Scalar minusPerFeature;

    /** Of the residual stream. */
    RmsNorm(PassShape shape) {
        this(shape, shape.config.width(), shape.tokens);
    }

    /**
     * @param width D
     * @param leading the dimensions before it
     */
    RmsNorm(PassShape shape, int width, long... leading) {
        narrow = shape.precision != Precision.FLOAT32;
        TensorArena arena = shape.arena;
        long[] column = Arrays.copyOf(leading, leading.length + 1);
        column[leading.length] = 1;
        long[] full = column.clone();
        full[leading.length] = width;
        long rows = Arrays.stream(leading).reduce(1, Math::multiplyExact);
        norm = shape.scratch(Slot.ROW, column);
        inverse = arena.floats(column);
        normed = shape.training ? arena.floats(full) : shape.scratch(Slot.NORMED, full);
        weighted = narrow ? shape.scratch(Slot.WEIGHTED, full) : shape.scratch(Slot.WEIGHTED, 0);
        epsilon = arena.floats(1);
        two = arena.scalar(2);
        perFeature = arena.scalar(1.0 / width);
        minusPerFeature = arena.scalar(-1.0 / width);
        product = shape.gradientScratch(Slot.PRODUCT, full);
        sum = shape.gradientScratch(Slot.SUM, width);
        dot = shape.gradientScratch(Slot.DOT, rows);
        try (PointerScope scope = new PointerScope()) {
            epsilon.fill_(new Scalar(shape.config.norms().epsilon()));
            productRows = arena.keep(shape.training ? product.view(rows, width) : product);
            dotColumn = arena.keep(shape.training ? dot.view(column) : dot);
        }
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

    /** result = w · x r; result (N, D) float32, x itself if need be. */
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
        centre(weightGradient, outputGradient, weight);
        inputGradient.addcmul_(outputGradient, inverse);
    }

    /** {@link #backward} with the gradient of x in place of that of h. */
    void backwardInPlace(Tensor gradient, Tensor weightGradient, Tensor weight) {
        centre(weightGradient, gradient, weight);
        gradient.mul_(inverse);
    }

    /** Makes dx / r of dh, and adds the gradient of w. */
    private void centre(Tensor weightGradient, Tensor gradient, Tensor weight) {
        torch.mul_out(product, gradient, normed); // (N, D)
        if (weightGradient.numel() > 0) {
            torch.sum_out(sum, productRows, FIRST, false, new ScalarTypeOptional()); // (D)
            weightGradient.add_(sum);
        }
        torch.mv_out(dot, productRows, weight); // (N)
        gradient.mul_(weight);
        gradient.addcmul_(normed, dotColumn, minusPerFeature);
    }
}
