package resonance.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the lengths at which a model is measured. */
final class MeasuredLengths {
    @Option(
            names = "--lengths",
            split = ",",
            paramLabel = "N",
            description = "lengths in tokens (default: half the trained length, itself, twice and four times that)")
    private @Nullable List<Integer> lengths;

    /** The lengths asked for, or those that fit a trained length. */
    List<Integer> forTrained(int trainedLength) {
        return lengths != null
                ? lengths
                : Stream.of(0.5, 1.0, 2.0, 4.0)
                        .map(times -> (int) Math.max(2, Math.ceil(times * trainedLength)))
                        .distinct()
                        .toList();
    }

    /** Lengths as the option that asks for them. */
    static String option(List<Integer> lengths) {
        return "--lengths " + lengths.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
