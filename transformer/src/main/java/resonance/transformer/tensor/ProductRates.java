package resonance.transformer.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How fast one thread of this machine multiplies in each number format, GFLOP/s.
 *
 * <p>Both formats are measured in turn, warm, for a few hundredths of a second, and of each the fastest round counts, in time of
 * the thread: whatever else the machine does can only make a round slower.
 *
 * @param float32 rate in float32, above 0
 * @param bfloat16 rate in bfloat16, above 0
 */
public record ProductRates(double float32, double bfloat16) {
    /** The advantage below which bfloat16 is not taken: it is within the noise, and float32 is the more exact. */
    static final double WORTHWHILE = 1.05;

    private static final String NAME = "products";
    private static final double GIGA = 1e9;
    private static final int FEWEST_ROUNDS = 3;
    static final double ENOUGH_SECONDS = 0.03;
    private static final double MOST_SECONDS = 0.1;

    /** Rows to see by whether bfloat16 is only emulated, at a hundredth of the speed: whole rounds of it would take seconds. */
    private static final int GLANCE_ROWS = 16;

    private static final double HOPELESS = 0.1;

    public ProductRates {
        if (!(float32 > 0
                && float32 < Double.POSITIVE_INFINITY
                && bfloat16 > 0
                && bfloat16 < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "rates must be above 0 and finite, were " + float32 + " and " + bfloat16);
        }
    }

    /** The format to take: bfloat16 if it is more than 5 % faster, else float32. */
    public Precision faster() {
        return bfloat16 > WORTHWHILE * float32 ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    /** The rate in a format. */
    public double of(Precision precision) {
        return precision == Precision.BFLOAT16 ? bfloat16 : float32;
    }

    /**
     * The rates for a decoder's products with the roundings around them: x is rounded to bfloat16 and results are widened to
     * float32 again, which takes a good part of bfloat16's advantage at small widths. Kept in the user's cache.
     */
    public static ProductRates of(ProductShape shape) {
        LibTorch.load();
        return of(shape, MeasurementCache.ofUser(), Machine.ofThisProcess());
    }

    static ProductRates of(ProductShape shape, MeasurementCache cache, Machine machine) {
        ProductShape measured = shape.measured();
        Map<String, String> key = new LinkedHashMap<>(machine.asMap());
        key.put("kernels", OpenBlasKernels.inUse());
        key.put("product", measured.text());
        Map<String, Double> known = cache.find(NAME, key).orElse(Map.of());
        Double float32 = known.get(Precision.FLOAT32.label());
        Double bfloat16 = known.get(Precision.BFLOAT16.label());
        if (float32 != null && bfloat16 != null) {
            return new ProductRates(float32, bfloat16);
        }
        ProductRates rates = measure(measured, true);
        cache.keep(
                NAME,
                key,
                Map.of(Precision.FLOAT32.label(), rates.float32, Precision.BFLOAT16.label(), rates.bfloat16));
        return rates;
    }

    /** The rates of the bare products, without any rounding around them, measured now. */
    public static ProductRates bare(ProductShape shape) {
        LibTorch.load();
        return measure(shape.measured(), false);
    }

    private static ProductRates measure(ProductShape shape, boolean rounds) {
        ProductShape glance = shape.withRows(GLANCE_ROWS);
        ProductRates seen = measure(glance, rounds, 0);
        return seen.bfloat16 < HOPELESS * seen.float32 ? seen : measure(shape, rounds, ENOUGH_SECONDS);
    }

    private static ProductRates measure(ProductShape shape, boolean rounds, double enoughSeconds) {
        try (PointerScope scope = new PointerScope()) {
            Products float32 = new Products(shape, Precision.FLOAT32, rounds);
            Products bfloat16 = new Products(shape, Precision.BFLOAT16, rounds);
            return measure(
                    shape.operations(),
                    enoughSeconds,
                    precision -> (precision == Precision.FLOAT32 ? float32 : bfloat16).seconds());
        }
    }

    /** Makes one round of the products in a format. */
    interface Stopwatch {
        /** Seconds that the round took. */
        double seconds(Precision precision);
    }

    /**
     * Takes rounds in turn, after one of each that does not count.
     *
     * @param operations floating-point operations of a round
     * @param enoughSeconds of all rounds together, unless these are too few yet
     */
    static ProductRates measure(double operations, double enoughSeconds, Stopwatch stopwatch) {
        stopwatch.seconds(Precision.FLOAT32);
        stopwatch.seconds(Precision.BFLOAT16);
        double float32 = Double.POSITIVE_INFINITY;
        double bfloat16 = Double.POSITIVE_INFINITY;
        double spent = 0;
        int rounds = 0;
        while (rounds < FEWEST_ROUNDS - 1
                || (spent < MOST_SECONDS && (rounds < FEWEST_ROUNDS || spent < enoughSeconds))) {
            double first = stopwatch.seconds(Precision.FLOAT32);
            double second = stopwatch.seconds(Precision.BFLOAT16);
            float32 = Math.min(float32, first);
            bfloat16 = Math.min(bfloat16, second);
            spent += first + second;
            rounds++;
        }
        return new ProductRates(operations / float32 / GIGA, operations / bfloat16 / GIGA);
    }

    /** y = x W^T, and with gradients y W and y^T x, in one format. */
    private static final class Products {
        private final boolean narrow;
        private final boolean backward;
        private final Tensor wideX; // (N, D) float32
        private final Tensor x; // (N, D)
        private final Tensor weight; // (F, D)
        private final Tensor y; // (N, F)
        private final Tensor wideY; // (N, F) float32
        private final Tensor xGradient; // (N, D)
        private final Tensor wideXGradient; // (N, D) float32
        private final Tensor weightGradient; // (F, D)
        private final Tensor wideWeightGradient; // (F, D) float32

        Products(ProductShape shape, Precision precision, boolean rounds) {
            narrow = rounds && precision != Precision.FLOAT32;
            backward = shape.backward();
            TensorOptions type = new TensorOptions(precision.scalarType());
            TensorOptions wide = new TensorOptions(ScalarType.Float);
            long[] inputs = {shape.rows(), shape.width()};
            long[] results = {shape.rows(), shape.innerWidth()};
            long[] weights = {shape.innerWidth(), shape.width()};
            wideX = torch.randn(inputs, wide);
            x = wideX.to(precision.scalarType());
            weight = torch.randn(weights, wide).to(precision.scalarType());
            y = torch.empty(results, type, null);
            wideY = torch.empty(results, wide, null);
            xGradient = torch.empty(inputs, type, null);
            wideXGradient = torch.empty(inputs, wide, null);
            weightGradient = torch.empty(weights, type, null);
            wideWeightGradient = torch.empty(weights, wide, null);
        }

        double seconds() {
            try (PointerScope scope = new PointerScope()) {
                double start = ThreadTime.seconds();
                if (narrow) {
                    x.copy_(wideX);
                }
                torch.mm_out(y, x, weight.t());
                if (narrow) {
                    wideY.copy_(y);
                }
                if (backward) {
                    if (narrow) {
                        y.copy_(wideY);
                    }
                    torch.mm_out(xGradient, y, weight);
                    torch.mm_out(weightGradient, y.t(), x);
                    if (narrow) {
                        wideXGradient.copy_(xGradient);
                        wideWeightGradient.copy_(weightGradient);
                    }
                }
                return ThreadTime.seconds() - start;
            }
        }
    }
}
