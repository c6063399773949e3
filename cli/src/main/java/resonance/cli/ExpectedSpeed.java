package resonance.cli;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import resonance.study.Study;
import resonance.transformer.tensor.ProductWork;
import resonance.transformer.tensor.WorkSpeed;

/**
 * The speed that a study's work is expected to have on the machine that planned it, before any of it is done.
 *
 * @param multiplicationsPerSecond 0 if nothing is known of it
 * @param by what it rests on; empty if nothing is known, else one
 */
record ExpectedSpeed(double multiplicationsPerSecond, List<TimeSource> by) {
    static final ExpectedSpeed UNKNOWN = new ExpectedSpeed(0, List.of());

    ExpectedSpeed {
        by = List.copyOf(by);
    }

    private ExpectedSpeed(OptionalDouble speed, TimeSource by) {
        this(speed.orElse(0), List.of(by));
    }

    /** That of earlier runs of its kind; else what the machine's products make expect, measured now. */
    static ExpectedSpeed of(Study<?, ?> study) {
        if (!(study instanceof ProductWork work)) {
            return UNKNOWN;
        }
        WorkSpeed speed = work.speed();
        OptionalDouble earlier = speed.ofEarlierRuns();
        if (earlier.isPresent()) {
            return new ExpectedSpeed(earlier, TimeSource.EARLIER);
        }
        OptionalDouble products = speed.byProducts();
        return products.isPresent() ? new ExpectedSpeed(products, TimeSource.PRODUCTS) : UNKNOWN;
    }

    /** Time of so many multiplications; empty if nothing is known. */
    Optional<TimeLeft> timeOf(double multiplications) {
        return by.stream()
                .filter(source -> multiplicationsPerSecond > 0)
                .findFirst()
                .map(source -> new TimeLeft(multiplications / multiplicationsPerSecond, source));
    }
}
