package resonance.transformer.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The number format of the matrix products with weights.
 *
 * <p>Parameters, gradients, optimiser state, the residual stream, norms, attention scores and the loss are float32 in
 * both; {@code BFLOAT16} rounds the two factors of each product with a weight matrix to bfloat16 (8 bits of mantissa)
 * and accumulates in float32.
 */
public enum Precision {
    FLOAT32(ScalarType.Float),
    BFLOAT16(ScalarType.BFloat16);

    private final ScalarType scalarType;

    Precision(ScalarType scalarType) {
        this.scalarType = scalarType;
    }

    /**
     * The format that trains fastest on this machine's CPU: bfloat16 where the CPU multiplies it (AVX512-BF16 or AMX, as
     * Linux tells), else float32, because a CPU that doesn't emulates it at a fraction of the speed.
     */
    public static Precision fastest() {
        Path cpuInfo = Path.of("/proc/cpuinfo");
        try {
            boolean multiplies = Files.isReadable(cpuInfo)
                    && Files.readAllLines(cpuInfo).stream()
                            .anyMatch(line -> line.startsWith("flags")
                                    && (line.contains(" avx512_bf16") || line.contains(" amx_bf16")));
            return multiplies ? BFLOAT16 : FLOAT32;
        } catch (IOException e) {
            return FLOAT32; // the flags can't be read, so nothing is known of the CPU; float32 runs well on any
        }
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
