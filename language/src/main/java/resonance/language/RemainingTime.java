package resonance.language;

import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How long the rest of a run takes: work at every length goes on as fast as work at that length went so far.
 *
 * <p>A length that has not run for a second yet is taken to be as fast as the nearest shorter one that has, or else the
 * nearest longer one, by the estimate of work. So an estimate of work that is wrong between lengths does no harm where a
 * length was measured.
 */
final class RemainingTime {
    /** Seconds at one length from which its speed is known. */
    private static final double LEAST_SECONDS = 1;

    private final NavigableMap<Integer, Work> lengths = new TreeMap<>();

    /** Work at one length, and the time of what is done of it. */
    private static final class Work {
        private double left;
        private double done;
        private double seconds;

        private boolean known() {
            return done > 0 && seconds >= LEAST_SECONDS;
        }
    }

    /** Adds work that is to be done. */
    void plan(int length, double work) {
        lengths.computeIfAbsent(length, any -> new Work()).left += work;
    }

    /** Some of the planned work was done. */
    void did(int length, double work, double seconds) {
        Work at = lengths.computeIfAbsent(length, any -> new Work());
        at.left = Math.max(0, at.left - work);
        at.done += work;
        at.seconds += seconds;
    }

    /** Seconds; empty while no length has run for a second. */
    OptionalDouble seconds() {
        NavigableMap<Integer, Work> known = new TreeMap<>();
        lengths.forEach((length, work) -> {
            if (work.known()) {
                known.put(length, work);
            }
        });
        if (known.isEmpty()) {
            return OptionalDouble.empty();
        }
        double seconds = 0;
        for (Entry<Integer, Work> planned : lengths.entrySet()) {
            Entry<Integer, Work> shorter = known.floorEntry(planned.getKey());
            Work measured =
                    shorter != null ? shorter.getValue() : known.firstEntry().getValue();
            seconds += planned.getValue().left * measured.seconds / measured.done;
        }
        return OptionalDouble.of(seconds);
    }
}
