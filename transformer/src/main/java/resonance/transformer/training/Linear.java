package resonance.transformer.training;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.transformer.tensor.Precision;

/**
 * y = x W^T for one shape, and its gradients, in the precision of the pass.
 *
 * <p>x is (N, I) and W is (O, I), both of the compute type; all tensors given live as long as the pass. Results named {@code float32} are float32 whatever the
 * precision: in bfloat16 the product is made in bfloat16 (accumulated in float32 inside) and then widened.
 */
final class Linear {
    private enum Slot {
        PRODUCT,
        WEIGHT
    }

    private final PassShape shape;
    private final boolean widen;
    private final Tensor outputProduct; // (N, O)
    private final Tensor inputProduct; // (N, I)
    private final Tensor weightProduct; // (O, I)
    private final Tensor weightSum; // (O, I) float32

    Linear(PassShape shape, long inputWidth, long outputWidth) {
        this.shape = shape;
        widen = shape.precision != Precision.FLOAT32;
        outputProduct = shape.computeScratch(Slot.PRODUCT, widen ? shape.tokens : 0, outputWidth);
        inputProduct = shape.computeGradientScratch(Slot.PRODUCT, widen ? shape.tokens : 0, inputWidth);
        weightProduct = shape.computeGradientScratch(Slot.WEIGHT, widen ? outputWidth : 0, inputWidth);
        weightSum = shape.gradientScratch(Slot.WEIGHT, widen ? outputWidth : 0, inputWidth);
    }

    /** result = x W^T in the compute type; result (N, O). */
    void forward(Tensor result, Tensor x, Tensor weight) {
        torch.mm_out(result, x, shape.transposed(weight));
    }

    /** result = x W^T as float32; result (N, O). */
    void forwardFloat32(Tensor result, Tensor x, Tensor weight) {
        if (widen) {
            forward(outputProduct, x, weight);
            result.copy_(outputProduct);
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
            inputGradient(inputProduct, outputGradient, weight);
            inputGradient.copy_(inputProduct);
        } else {
            inputGradient(inputGradient, outputGradient, weight);
        }
    }

    /** weightGradient += outputGradient^T x; weightGradient float32 (O, I), or without elements where W is not trained. */
    void addWeightGradient(Tensor weightGradient, Tensor outputGradient, Tensor x) {
        if (weightGradient.numel() == 0) {
            return;
        }
        if (widen) {
            torch.mm_out(weightProduct, shape.transposed(outputGradient), x);
            weightSum.copy_(weightProduct);
            weightGradient.add_(weightSum);
        } else {
            weightGradient.addmm_(shape.transposed(outputGradient), x);
        }
    }
}
