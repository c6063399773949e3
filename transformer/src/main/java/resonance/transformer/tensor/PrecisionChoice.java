package resonance.transformer.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A number format and how it came to be chosen.
 *
 * @param precision the format
 * @param reason how it was chosen, in words for records and people
 */
public record PrecisionChoice(Precision precision, String reason) {
    /** What the choice by measuring is called. */
    public static final String AUTO = "auto";

    private static final String PRECISION = "precision";
    public static final String REASON = "precisionChoice";

    /** The format that was asked for. */
    public static PrecisionChoice asked(Precision precision) {
        return new PrecisionChoice(precision, "as asked");
    }

    /** The faster one for a decoder's products: measured on the CPU, and float32 on other devices. */
    public static PrecisionChoice auto(ProductShape shape, ComputeDevice device) {
        return device == ComputeDevice.CPU
                ? measured(ProductRates.of(shape), OpenBlasKernels.inUse())
                : new PrecisionChoice(Precision.FLOAT32, AUTO + ", not measured on " + device.label());
    }

    static PrecisionChoice measured(ProductRates rates, String kernels) {
        return new PrecisionChoice(
                rates.faster(),
                String.format(
                        Locale.ROOT,
                        "%s: a thread makes %.1f GFLOP/s in float32%s and %.1f in bfloat16",
                        AUTO,
                        rates.float32(),
                        kernels.equals(OpenBlasKernels.UNKNOWN) ? "" : " (OpenBLAS's " + kernels + " kernels)",
                        rates.bfloat16()));
    }

    /**
     * The format of work that goes on as it was begun, and the reason that was given then.
     *
     * @param settings of the earlier work, as text by name
     * @return empty if they name no format, as where nothing was begun
     */
    public static Optional<PrecisionChoice> begun(Map<String, String> settings) {
        String name = settings.getOrDefault(PRECISION, "");
        return Arrays.stream(Precision.values())
                .filter(precision -> precision.label().equals(name))
                .findFirst()
                .map(precision ->
                        new PrecisionChoice(precision, settings.getOrDefault(REASON, "its record does not say why")));
    }

    /** Adds both components to the settings of a record, as text by name. */
    public void describe(Map<String, ? super String> settings) {
        settings.put(PRECISION, precision.label());
        settings.put(REASON, reason);
    }
}
