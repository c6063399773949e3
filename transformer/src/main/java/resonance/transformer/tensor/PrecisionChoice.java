package resonance.transformer.tensor;

import java.util.Locale;

/**
 * A number format and how it came to be chosen.
 *
 * @param precision the format
 * @param reason how it was chosen, in words for records and people
 */
public record PrecisionChoice(Precision precision, String reason) {
    /** What the choice by measuring is called. */
    public static final String AUTO = "auto";

    /** The format that was asked for. */
    public static PrecisionChoice asked(Precision precision) {
        return new PrecisionChoice(precision, "as asked");
    }

    /** The faster one for a decoder's products: measured on the CPU, and float32 on other devices. */
    public static PrecisionChoice auto(ProductShape shape, ComputeDevice device) {
        return device == ComputeDevice.CPU
                ? measured(ProductRates.of(shape))
                : new PrecisionChoice(Precision.FLOAT32, AUTO + ", not measured on " + device.label());
    }

    static PrecisionChoice measured(ProductRates rates) {
        return new PrecisionChoice(
                rates.faster(),
                String.format(
                        Locale.ROOT,
                        "%s: a thread makes %.1f GFLOP/s in float32 and %.1f in bfloat16",
                        AUTO,
                        rates.float32(),
                        rates.bfloat16()));
    }

    /** Of work that was begun with it, for the reason that was given then. */
    public static PrecisionChoice begun(Precision precision, String reason) {
        return new PrecisionChoice(precision, reason);
    }
}
