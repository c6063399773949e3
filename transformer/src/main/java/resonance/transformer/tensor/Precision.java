package resonance.transformer.tensor;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The number format of the matrix products with weights.
 *
 * <p>Parameters, gradients, optimiser state, the residual stream, norms, attention scores and the loss are float32 in
 * both; {@code BFLOAT16} rounds the two factors of each product with a weight matrix to bfloat16 (8 bits of mantissa)
 * and accumulates in float32. Which is faster depends on the CPU and not on its flags alone: {@link PrecisionChoice#auto} measures it.
 */
public enum Precision {
    FLOAT32(ScalarType.Float),
    BFLOAT16(ScalarType.BFloat16);

    private final ScalarType scalarType;

    Precision(ScalarType scalarType) {
        this.scalarType = scalarType;
    }

    /** Its native type. */
    public ScalarType scalarType() {
        return scalarType;
    }

    /** The name used in options and records: {@code float32} or {@code bfloat16}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
