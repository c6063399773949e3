package resonance.benchmarks;

import java.util.Locale;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.OpenBlasKernels;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductRates;
import resonance.transformer.tensor.ProductShape;
import resonance.transformer.training.Trainer;

/**
 * How fast this CPU would be if a decoder's work were its bare matrix products, each at the rate that one alone is measured at:
 * the limit that throughputs are held against.
 */
final class BareProducts {
    private static final double GIGA = 1e9;

    private final DecoderConfig config;
    private final Precision precision;
    private final int threads;
    private final ProductRates rates;

    /** Measures now, on a machine that should do nothing else. */
    BareProducts(DecoderConfig config, ProductShape product, Precision precision, int threads) {
        this(config, precision, threads, ProductRates.bare(product));
    }

    BareProducts(DecoderConfig config, Precision precision, int threads, ProductRates rates) {
        this.config = config;
        this.precision = precision;
        this.threads = threads;
        this.rates = rates;
    }

    /** Elements of the matrices of all blocks. */
    private double blockElements() {
        double width = config.width();
        return config.layers()
                * width
                * (config.attention().joinedWidth()
                        + config.attention().queryWidth()
                        + config.feedForward().inputWidth()
                        + config.feedForward().width());
    }

    private double headElements() {
        return (double) config.width() * config.vocabularySize();
    }

    /** Seconds of the products with weights of training on so many tokens: three products a matrix, the head's in float32. */
    double trainingSeconds(long tokens) {
        return 6.0 * tokens * (blockElements() / rate(precision) + headElements() / rate(Precision.FLOAT32)) / threads;
    }

    /**
     * Seconds of all products of training on so many tokens in sequences of a length: those of {@link #trainingSeconds} with the
     * head's in the format that the trainer takes, and attention's six in float32.
     */
    double fineTuningSeconds(long tokens, int length) {
        double pairs = tokens
                * (length + 1.0)
                / 2
                * config.layers()
                * config.attention().queryWidth();
        Precision head = Trainer.headPrecision(config, precision);
        double weights = tokens * (blockElements() / rate(precision) + headElements() / rate(head));
        return (6 * weights + 12 * pairs / rate(Precision.FLOAT32)) / threads;
    }

    /**
     * Seconds of the products of scoring a text: those with weights, the head's in float32 for the scored tokens, and those of
     * attention, whose scores are float32 and whose values are of the precision.
     */
    double readingSeconds(double tokens, double scored) {
        double pairs =
                tokens * (tokens + 1) / 2 * config.layers() * config.attention().queryWidth();
        double float32 = scored * headElements() + pairs;
        double computed = tokens * blockElements() + pairs;
        return 2 * (computed / rate(precision) + float32 / rate(Precision.FLOAT32)) / threads;
    }

    private double rate(Precision format) {
        return GIGA * rates.of(format);
    }

    /** JSON members: the precision, both rates of a thread, GFLOP/s, the kernels of float32, and the share of the limit. */
    String members(double shareOfLimit) {
        return String.format(
                Locale.ROOT,
                "\"precision\": \"%s\", \"bareFloat32\": %.1f, \"bareBfloat16\": %.1f, \"kernels\": \"%s\","
                        + " \"shareOfBareProducts\": %.3f",
                precision.label(),
                rates.float32(),
                rates.bfloat16(),
                OpenBlasKernels.inUse(),
                shareOfLimit);
    }
}
