package resonance.transformer.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast one kind of work goes on this machine, in multiplications with weights a second ({@link ForwardWork}), for an estimate
 * of its time before any of it is done.
 *
 * <p>What runs measure is kept in the user's cache, beside the rates of products and by the same rules: figures belong to this
 * kind of work on this machine, and a cache that is damaged, or can't be written, counts as empty. Where nothing was kept, the
 * speed of the decoder's largest product is measured for a few hundredths of a second ({@link ProductRates}).
 *
 * @param kind of work, such as {@code perplexity}
 * @param product that most of the work is like
 * @param precision of the products with weights
 * @param threads that work, at least 1
 * @param device that computes
 * @param share of what bare products would do at their speed that such work did where it was measured, above 0
 */
public record WorkSpeed(
        String kind, ProductShape product, Precision precision, int threads, ComputeDevice device, double share) {
    private static final String NAME = "work";
    private static final String WORK = "multiplications";
    private static final String SECONDS = "seconds";
    private static final double GIGA = 1e9;

    /** A multiplication and the addition of its result. */
    private static final double OPERATIONS = 2;

    /** Seconds of work from which its speed is known; what is shorter is mostly warming up. */
    static final double LEAST_SECONDS = 1;

    /** Seconds of earlier work that count beside new work, so that the figure follows a machine that changes. */
    static final double REMEMBERED_SECONDS = 60;

    public WorkSpeed {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, was " + threads);
        }
        if (!(share > 0 && share < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("share must be above 0 and finite, was " + share);
        }
    }

    /** The speed of earlier runs, multiplications a second; empty if there was none of a second or more. */
    public OptionalDouble ofEarlierRuns() {
        return ofEarlierRuns(MeasurementCache.ofUser(), Machine.ofThisProcess());
    }

    OptionalDouble ofEarlierRuns(MeasurementCache cache, Machine machine) {
        Map<String, Double> known = cache.find(NAME, key(machine)).orElse(Map.of());
        Double work = known.get(WORK);
        Double seconds = known.get(SECONDS);
        return work == null || seconds == null ? OptionalDouble.empty() : OptionalDouble.of(work / seconds);
    }

    /**
     * Takes note of work that was done, for estimates to come.
     *
     * @param multiplications of it; nothing is noted if there are none
     * @param seconds that it took; nothing is noted of less than one
     */
    public void did(double multiplications, double seconds) {
        did(multiplications, seconds, MeasurementCache.ofUser(), Machine.ofThisProcess());
    }

    void did(double multiplications, double seconds, MeasurementCache cache, Machine machine) {
        if (!(multiplications > 0
                && seconds >= LEAST_SECONDS
                && multiplications < Double.POSITIVE_INFINITY
                && seconds < Double.POSITIVE_INFINITY)) {
            return;
        }
        Map<String, String> key = key(machine);
        Map<String, Double> known = cache.find(NAME, key).orElse(Map.of());
        double work = multiplications + known.getOrDefault(WORK, 0.0);
        double time = seconds + known.getOrDefault(SECONDS, 0.0);
        double kept = Math.min(1, REMEMBERED_SECONDS / time);
        cache.keep(NAME, key, Map.of(WORK, kept * work, SECONDS, kept * time));
    }

    /**
     * The speed that this machine's products make expect, multiplications a second; empty on a GPU, where none are measured.
     *
     * <pre>
     *   share · rate / 2 · min(threads, cores)      rate: of {@link #product} in this precision, of one thread </pre>
     */
    public OptionalDouble byProducts() {
        if (device != ComputeDevice.CPU) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                byProducts(ProductRates.of(product), Runtime.getRuntime().availableProcessors()));
    }

    double byProducts(ProductRates rates, int cores) {
        return share * GIGA * rates.of(precision) / OPERATIONS * Math.min(threads, cores);
    }

    private Map<String, String> key(Machine machine) {
        Map<String, String> key = new LinkedHashMap<>(machine.asMap());
        key.put("kind", kind);
        key.put("product", product.measured().text());
        key.put("precision", precision.label());
        key.put("threads", String.valueOf(threads));
        key.put("device", device.label());
        return key;
    }
}
