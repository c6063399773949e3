package resonance.transformer.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.decoder.FeedForwardKind;
import resonance.transformer.tensor.DecoderTensors;

/**
 * {@link FeedForward} of some rows of a pass, with their activations kept for the gradient: the formulas are there.
 *
 * <p>The mask inside holds 0 and 1; the caller scales the block's output instead (see {@link DecoderPass}).
 */
final class FeedForwardRows {
    private enum Slot {
        ACTIVATED_GRADIENT,
        PROJECTED_GRADIENT,
        GATE_GRADIENT
    }

    private final DecoderConfig config;
    private final Linear input;
    private final Linear output;
    private final Tensor projected; // (N, F) or (N, 2 F): before the activation where it is gated
    private final Tensor activated; // (N, F)
    private final Tensor mask; // (N, F) or (0)

    private final Tensor activatedGradient; // (N, F)
    private final Tensor projectedGradient; // (N, 2 F) where it is gated
    private final Tensor gateGradient; // (N, F) where it is gated

    FeedForwardRows(PassShape shape) {
        this.config = shape.config;
        int f = config.feedForward().width();
        input = new Linear(shape, config.width(), config.feedForward().inputWidth());
        output = new Linear(shape, f, config.width());
        activated = shape.arena.empty(shape.computeType(), shape.tokens, f);
        projected = config.feedForward().kind().gated()
                ? shape.arena.empty(shape.computeType(), shape.tokens, 2L * f)
                : activated;
        boolean drops = shape.training && config.dropout() > 0;
        mask = shape.arena.empty(shape.computeType(), drops ? shape.tokens : 0, f);
        boolean gated = config.feedForward().kind().gated();
        activatedGradient = shape.computeGradientScratch(Slot.ACTIVATED_GRADIENT, shape.tokens, f);
        projectedGradient =
                gated ? shape.computeGradientScratch(Slot.PROJECTED_GRADIENT, shape.tokens, 2L * f) : activatedGradient;
        gateGradient = shape.computeGradientScratch(Slot.GATE_GRADIENT, gated ? shape.tokens : 0, f);
    }

    /** result = y, float32 (N, D), from h of the compute type (N, D). A null {@code masks} means no dropout. */
    void forward(Tensor result, Tensor h, DecoderTensors.Block weights, @Nullable DropoutMasks masks) {
        activate(h, weights, masks);
        output.forwardFloat32(result, activated, weights.feedForwardOutput());
    }

    /** Makes a, from h of the compute type (N, D). */
    void activate(Tensor h, DecoderTensors.Block weights, @Nullable DropoutMasks masks) {
        input.forward(projected, h, weights.feedForwardInput());
        switch (config.feedForward().kind()) {
            case RELU -> activated.relu_();
            case SWIGLU -> {
                torch.silu_out(activated, gate());
                activated.mul_(up());
            }
            case GEGLU -> {
                torch.gelu_out(activated, gate(), "tanh");
                activated.mul_(up());
            }
        }
        if (masks != null) {
            masks.fill(mask, 1);
            activated.mul_(mask);
        }
    }

    /**
     * Gradient of h into {@code inputGradient}, float32 (N, D), once a is made; adds the weights' gradients.
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
        output.addWeightGradient(gradients.feedForwardOutput(), outputGradient, activated, weights.feedForwardOutput());
        output.inputGradient(activatedGradient, outputGradient, weights.feedForwardOutput());
        if (config.feedForward().kind().gated()) {
            if (dropped) {
                activatedGradient.mul_(mask);
            }
            gateBackward();
        } else {
            // activated > 0 exactly where relu passed and the mask kept, so one comparison undoes both
            torch.threshold_backward_out(activatedGradient, activatedGradient, activated, new Scalar(0.0));
        }
        input.addWeightGradient(gradients.feedForwardInput(), projectedGradient, h, weights.feedForwardInput());
        input.inputGradientFloat32(inputGradient, projectedGradient, weights.feedForwardInput());
    }

    private void gateBackward() {
        int f = config.feedForward().width();
        Tensor gateInput = projectedGradient.narrow(1, 0, f);
        Tensor upInput = projectedGradient.narrow(1, f, f);
        torch.mul_out(gateGradient, activatedGradient, up());
        if (config.feedForward().kind() == FeedForwardKind.SWIGLU) {
            torch.silu_out(upInput, gate());
            torch.silu_backward_out(gateInput, gateGradient, gate());
        } else {
            torch.gelu_out(upInput, gate(), "tanh");
            torch.gelu_backward_out(gateInput, gateGradient, gate(), "tanh");
        }
        upInput.mul_(activatedGradient);
    }

    private Tensor gate() {
        return projected.narrow(1, 0, config.feedForward().width());
    }

    private Tensor up() {
        return projected.narrow(
                1, config.feedForward().width(), config.feedForward().width());
    }
}
