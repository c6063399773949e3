package resonance.transformer.training;

import org.jspecify.annotations.Nullable;

/**
 * What lies between the projections of attention: weights of the values, made of queries and keys, and their gradients.
 *
 * <p>Rows of the softmax need, in the gradient, the sum over keys of P·dP; it equals the sum over features of o·do (Dao et al.
 * 2022, appendix B.4), which is S instead of T numbers a row.
 */
interface AttentionCore {
    /** Attends: {@code attended} from {@code heads}. A null {@code masks} means no dropout. */
    void forward(PassPositions.Layer positions, @Nullable LearnedBias bias, @Nullable DropoutMasks masks);

    /**
     * {@code headGradient} from {@code attendedGradient}, which is overwritten, and {@code rowSum}; adds its scores' gradient to
     * the bias.
     */
    void backward(PassPositions.Layer positions, @Nullable LearnedBias bias, boolean drop);
}
