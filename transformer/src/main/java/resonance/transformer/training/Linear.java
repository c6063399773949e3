package resonance.transformer.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.transformer.tensor.DecoderTensors.Adapter;
import resonance.transformer.tensor.DecoderTensors.Matrix;
import resonance.transformer.tensor.Precision;

/**
 * y = x W^T for one shape, and its gradients, in the precision of the pass.
 *
 * <p>x is (N, I) and W is (O, I), both of the compute type; all tensors given live as long as the pass. Results named {@code
 * float32} are float32 whatever the precision: in bfloat16 the product is made in bfloat16 (accumulated in float32 inside) and then
 * widened.
 *
 * <p>Rows of W may have an adapter (Hu et al. 2021), whose products are made beside W's and are small:
 *
 * <pre>
 *   u = x A^T         y  += scale · u B^T                        (N, r), (N, rows)
 *   v = scale · dy B  dx += v A, dA += v^T x, dB += scale · dy^T u </pre>
 */
final class Linear {
    private enum Slot {
        PRODUCT,
        WEIGHT,
        ADAPTED
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
    void forward(Tensor result, Tensor x, Matrix matrix) {
        torch.mm_out(result, x, shape.transposed(matrix.weight()));
        for (Adapter adapter : matrix.adapters()) {
            Tensor u = narrowed(x, adapter);
            rows(result, adapter)
                    .addmm_(u, shape.transposed(adapter.second()), new Scalar(1), new Scalar(adapter.scale()));
        }
    }

    /** result = x W^T as float32; result (N, O). */
    void forwardFloat32(Tensor result, Tensor x, Matrix matrix) {
        if (widen) {
            forward(outputProduct, x, matrix);
            result.copy_(outputProduct);
        } else {
            forward(result, x, matrix);
        }
    }

    /** inputGradient = outputGradient W in the compute type; inputGradient (N, I). */
    void inputGradient(Tensor inputGradient, Tensor outputGradient, Matrix matrix) {
        torch.mm_out(inputGradient, outputGradient, matrix.weight());
        for (Adapter adapter : matrix.adapters()) {
            inputGradient.addmm_(narrowedGradient(outputGradient, adapter), adapter.first());
        }
    }

    /** inputGradient = outputGradient W as float32; inputGradient (N, I). */
    void inputGradientFloat32(Tensor inputGradient, Tensor outputGradient, Matrix matrix) {
        if (widen) {
            inputGradient(inputProduct, outputGradient, matrix);
            inputGradient.copy_(inputProduct);
        } else {
            inputGradient(inputGradient, outputGradient, matrix);
        }
    }

    /**
     * gradient += outputGradient^T x, and the adapters' gradients.
     *
     * @param gradient float32 (O, I), or without elements where W is not trained; adapters as the matrix has them
     */
    void addWeightGradient(Matrix gradient, Tensor outputGradient, Tensor x, Matrix matrix) {
        addWeightGradient(gradient.weight(), outputGradient, x);
        for (int i = 0; i < matrix.adapters().size(); i++) {
            Adapter adapter = matrix.adapters().get(i);
            Adapter sum = gradient.adapters().get(i);
            Tensor rows = rows(outputGradient, adapter);
            add(sum.second(), torch.mm(rows.t(), narrowed(x, adapter)), adapter.scale());
            add(sum.first(), torch.mm(narrowedGradient(outputGradient, adapter).t(), x), 1);
        }
    }

    private void addWeightGradient(Tensor weightGradient, Tensor outputGradient, Tensor x) {
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

    private static void add(Tensor sum, Tensor product, double scale) {
        sum.add_(product.to(ScalarType.Float), new Scalar(scale));
    }

    /** u = x A^T, (N, r), valid until the next call. */
    private Tensor narrowed(Tensor x, Adapter adapter) {
        Tensor u = adapted(adapter);
        torch.mm_out(u, x, shape.transposed(adapter.first()));
        return u;
    }

    /** v = scale · dy B, (N, r), valid until the next call. */
    private Tensor narrowedGradient(Tensor outputGradient, Adapter adapter) {
        Tensor v = adapted(adapter);
        torch.mm_out(v, rows(outputGradient, adapter), adapter.second());
        return v.mul_(new Scalar(adapter.scale()));
    }

    private Tensor adapted(Adapter adapter) {
        return shape.computeScratch(Slot.ADAPTED, shape.tokens, adapter.first().size(0));
    }

    /** The columns of outputs (N, O) that belong to an adapter's rows of the matrix. */
    private static Tensor rows(Tensor outputs, Adapter adapter) {
        return outputs.narrow(1, adapter.row(), adapter.second().size(0));
    }
}
