package resonance.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * y = x W^T for one shape, and its gradients, in the precision of the pass.
 *
 * <p>x is (N, I) and W is (O, I), both of the compute type. Results named {@code float32} are float32 whatever the
 * precision: in bfloat16 the product is made in bfloat16 (accumulated in float32 inside) and then widened.
 */
final class Linear {
    private static final int PRODUCT_SLOT = 100;
    private static final int WEIGHT_SLOT = 101;

    private final boolean widen;
    private final PassShape shape;
    private final long inputWidth;
    private final long outputWidth;

    Linear(PassShape shape, long inputWidth, long outputWidth) {
        this.shape = shape;
        this.widen = shape.precision != Precision.FLOAT32;
        this.inputWidth = inputWidth;
        this.outputWidth = outputWidth;
    }

    /** result = x W^T in the compute type; result (N, O). */
    void forward(Tensor result, Tensor x, Tensor weight) {
        torch.mm_out(result, x, weight.t());
    }

    /** result = x W^T as float32; result (N, O). */
    void forwardFloat32(Tensor result, Tensor x, Tensor weight) {
        if (widen) {
            Tensor product = shape.computeScratch(PRODUCT_SLOT, shape.tokens, outputWidth);
            forward(product, x, weight);
            result.copy_(product);
        } else {
            forward(result, x, weight);
        }
    }

    /** inputGradient = outputGradient W in the compute type; inputGradient (N, I). */
    void inputGradient(Tensor inputGradient, Tensor outputGradient, Tensor weight) {
        torch.mm_out(inputGradient, outputGradient, weight);
    }

    /** inputGradient = outputGradient W as float32; inputGradient (N, I). */
    void inputGradientFloat32(Tensor inputGradient, Tensor outputGradient, Tensor weight) {
        if (widen) {
            Tensor product = shape.computeScratch(PRODUCT_SLOT, shape.tokens, inputWidth);
            inputGradient(product, outputGradient, weight);
            inputGradient.copy_(product);
        } else {
            inputGradient(inputGradient, outputGradient, weight);
        }
    }

    /** weightGradient += outputGradient^T x; weightGradient float32 (O, I). */
    void addWeightGradient(Tensor weightGradient, Tensor outputGradient, Tensor x) {
        if (widen) {
            Tensor product = shape.computeScratch(WEIGHT_SLOT, outputWidth, inputWidth);
            Tensor wide = shape.scratch(WEIGHT_SLOT, outputWidth, inputWidth);
            torch.mm_out(product, outputGradient.t(), x);
            wide.copy_(product);
            weightGradient.add_(wide);
        } else {
            weightGradient.addmm_(outputGradient.t(), x);
        }
    }
}
