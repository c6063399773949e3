package resonance.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import resonance.rope.Refusal;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.tensor.ProductShape;

/** Options for how the machine computes; their defaults depend on it. */
final class MachineOptions {
    private static final int MOST_THREADS = 1024;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description =
                    "auto, float32 or bfloat16, of the products with weights; auto goes on as a folder was begun, else takes"
                            + " bfloat16 where it is more than 5 %% faster here, measured once (default: ${DEFAULT-VALUE})")
    private String precision = PrecisionChoice.AUTO;

    @Option(names = "--threads", paramLabel = "N", description = "worker threads (default: all cores)")
    private int threads = Runtime.getRuntime().availableProcessors();

    private String news = "";

    /**
     * The format asked for by name; empty for auto.
     *
     * @throws resonance.rope.Refusal if there is none of that name
     */
    Optional<Precision> asked() {
        List<Precision> formats = List.of(Precision.values());
        List<String> names = Stream.concat(
                        Stream.of(PrecisionChoice.AUTO), formats.stream().map(Precision::label))
                .toList();
        String known = KnownName.find("precision", precision, names, name -> name);
        return Arrays.stream(Precision.values())
                .filter(format -> format.label().equals(known))
                .findFirst();
    }

    /** The format asked for, and float32 where {@link #choose} is still to come. */
    Precision provisional() {
        return asked().orElse(Precision.FLOAT32);
    }

    /**
     * The format asked for; else that of earlier work in the same place, else the faster one.
     *
     * @param begun settings of the earlier work, as text by name; empty if there is none
     * @param product what is measured on the CPU, asked for only then
     */
    PrecisionChoice choose(Map<String, String> begun, ComputeDevice device, Supplier<ProductShape> product) {
        Optional<Precision> asked = asked();
        if (asked.isPresent()) {
            return PrecisionChoice.asked(asked.get());
        }
        Optional<PrecisionChoice> earlier = PrecisionChoice.begun(begun);
        PrecisionChoice choice = earlier.orElseGet(() -> PrecisionChoice.auto(product.get(), device));
        news = "Precision: " + choice.precision().label() + (earlier.isPresent() ? ", as the folder was begun" : "")
                + " (" + choice.reason() + ")";
        return choice;
    }

    /** Says which format was chosen, unless it was asked for. */
    void tellChoice(PrintWriter err) {
        if (!news.isEmpty()) {
            err.println(news);
        }
    }

    /**
     * Worker threads.
     *
     * @throws Refusal if there are none, or more than any machine runs: each has memory of its own
     */
    int threads() {
        if (threads < 1 || threads > MOST_THREADS) {
            throw Refusal.was("threads", "must be from 1 to " + MOST_THREADS, threads);
        }
        return threads;
    }
}
