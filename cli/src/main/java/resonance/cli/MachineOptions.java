package resonance.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.rope.Refusal;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** Options for how the machine computes; their defaults depend on it. */
final class MachineOptions {
    private static final int MOST_THREADS = 1024;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description =
                    "float32 or bfloat16, of the products with weights (default: bfloat16 where the CPU multiplies it, else"
                            + " float32)")
    private @Nullable String precision;

    @Option(names = "--threads", paramLabel = "N", description = "worker threads (default: all cores)")
    private int threads = Runtime.getRuntime().availableProcessors();

    /** The format asked for; else the fastest on the CPU, and float32 on another device. */
    Precision precision(ComputeDevice device) {
        if (precision != null) {
            return KnownName.find("precision", precision, List.of(Precision.values()), Precision::label);
        }
        return device == ComputeDevice.CPU ? Precision.fastest() : Precision.FLOAT32;
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
