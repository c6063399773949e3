package resonance.transformer.training;

import org.bytedeco.pytorch.Tensor;
import resonance.transformer.tensor.ComputeDevice;

/**
 * The products of causal attention: of heads with each other and with their lower triangular (T, T) matrices.
 *
 * <p>x, y and results are {@link HeadColumns} of B sequences of T tokens; the matrices are (B, H, T, T), contiguous, float32.
 * With fewer key/value heads (K) than query heads (H = G K), head h goes with key/value head ⌊h / G⌋.
 */
interface CausalProducts {
    /**
     * The products for passes of a shape on a device.
     *
     * @param heads H
     */
    static CausalProducts on(ComputeDevice device, int sequences, int length, int heads) {
        return device == ComputeDevice.CPU
                ? new BlasCausalProducts(sequences, length, heads)
                : new TorchCausalProducts(sequences, length, heads);
    }

    /**
     * Adds x yᵀ to the matrices, at least on and below their diagonals.
     *
     * @param x H heads
     * @param y H or K heads
     */
    void addOuter(Tensor matrices, HeadColumns x, HeadColumns y);

    /** Sets the matrices to x yᵀ, on and below their diagonals; what stands above stays or is overwritten. */
    void outer(Tensor matrices, HeadColumns x, HeadColumns y);

    /**
     * result = matrices · y, where the matrices are 0 above their diagonals.
     *
     * @param result H heads
     * @param y H or K heads
     */
    void times(HeadColumns result, Tensor matrices, HeadColumns y);

    /**
     * result = matricesᵀ · y, summed over the heads that share one of the result, where the matrices are 0 above their
     * diagonals.
     *
     * @param result H or K heads
     * @param y H heads
     */
    void transposedTimes(HeadColumns result, Tensor matrices, HeadColumns y);
}
