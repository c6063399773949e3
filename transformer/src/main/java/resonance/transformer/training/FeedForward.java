package resonance.transformer.training;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import resonance.transformer.tensor.DecoderTensors;

/**
 * The position-wise feed-forward of one block.
 *
 * <pre>
 *   a = Dropout(relu(h W_up^T))                      (N, F)     RELU
 *   a = Dropout(act(h W_gate^T) · (h W_up^T))        (N, F)     SWIGLU, GEGLU
 *   y = a W_down^T                                   (N, D)
 * </pre>
 *
 * <p>Where a pass keeps no activations of its own for each block, a long one takes {@value #RUN} rows at a time and makes a anew
 * for the gradient, so that a, the widest of all, exists for a run of rows only.
 */
final class FeedForward {
    private static final int RUN = 1024;

    private final PassShape shape;
    private final FeedForwardRows rows; // of a whole run
    private final FeedForwardRows rest; // of the last run
    private final int run;

    FeedForward(PassShape shape) {
        this.shape = shape;
        int tokens = Math.toIntExact(shape.tokens);
        run = shape.keepsBlocks() || tokens <= RUN ? tokens : RUN;
        rows = new FeedForwardRows(run == tokens ? shape : shape.ofRun(run));
        int last = tokens % run;
        rest = last == 0 ? rows : new FeedForwardRows(shape.ofRun(last));
    }

    /** result = y, float32 (N, D), from h of the compute type (N, D). A null {@code masks} means no dropout. */
    void forward(Tensor result, Tensor h, DecoderTensors.Block weights, @Nullable DropoutMasks masks) {
        for (int from = 0; from < shape.tokens; from += run) {
            of(from).forward(part(result, from), part(h, from), weights, masks);
        }
    }

    /**
     * Gradient of h into {@code inputGradient}, float32 (N, D); adds the weights' gradients. The way forward need not have been
     * gone where the pass keeps no activations of its own for each block.
     *
     * @param outputGradient dy, of the compute type (N, D)
     */
    void backward(
            Tensor inputGradient,
            Tensor outputGradient,
            Tensor h,
            DecoderTensors.Block weights,
            DecoderTensors.Block gradients,
            boolean dropped) {
        for (int from = 0; from < shape.tokens; from += run) {
            FeedForwardRows own = of(from);
            if (!shape.keepsBlocks()) {
                own.activate(part(h, from), weights, null);
            }
            own.backward(
                    part(inputGradient, from), part(outputGradient, from), part(h, from), weights, gradients, dropped);
        }
    }

    private FeedForwardRows of(int from) {
        return from + run <= shape.tokens ? rows : rest;
    }

    private Tensor part(Tensor tensor, int from) {
        return shape.part(tensor, from, (int) Math.min(run, shape.tokens - from));
    }
}
