package resonance.study;

import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How long the rest of a run takes: work of every pace goes on as fast as work of that pace went lately.
 *
 * <p>A pace is a kind of work with a speed of its own, such as a length. One that has not run for a second yet is taken
 * to be as fast as the nearest lower one that has, or else the nearest higher one, by the estimate of work. So an estimate
 * of work that is wrong between paces does no harm where a pace was measured. Amounts of work have any unit, one for all.
 */
public final class RemainingTime {
    /** Seconds at one pace from which its speed is known. */
    private static final double LEAST_SECONDS = 1;

    /** Seconds of a pace's work that its speed is taken from, so that it follows a machine that slows down. */
    private static final double REMEMBERED_SECONDS = 60;

    private final NavigableMap<Integer, Work> paces = new TreeMap<>();

    /** Work at one pace, and the time of what was done of it lately. */
    private static final class Work {
        private double left;
        private double done;
        private double seconds;

        private boolean known() {
            return done > 0 && seconds >= LEAST_SECONDS;
        }

        private void add(double amount, double time) {
            done += amount;
            seconds += time;
            if (seconds > REMEMBERED_SECONDS) {
                done *= REMEMBERED_SECONDS / seconds;
                seconds = REMEMBERED_SECONDS;
            }
        }
    }

    private Work at(int pace) {
        return paces.computeIfAbsent(pace, any -> new Work());
    }

    /** Adds work that is to be done. */
    public void plan(int pace, double amount) {
        at(pace).left += amount;
    }

    /** Nothing is planned any more; what is known of speeds stays. */
    public void clear() {
        paces.values().forEach(work -> work.left = 0);
    }

    /** Some of the planned work was done, in so many seconds. */
    public void did(int pace, double amount, double seconds) {
        skip(pace, amount);
        at(pace).add(amount, seconds);
    }

    /** Some of the planned work need not be done any more. */
    public void skip(int pace, double amount) {
        Work work = at(pace);
        work.left = Math.max(0, work.left - amount);
    }

    /** Work of a pace in a second, lately; empty if it has not run for a second. */
    public OptionalDouble speed(int pace) {
        Work work = at(pace);
        return work.known() ? OptionalDouble.of(work.done / work.seconds) : OptionalDouble.empty();
    }

    /** How long the planned work takes, s; empty while no pace has run for a second. */
    public OptionalDouble seconds() {
        NavigableMap<Integer, Work> known = new TreeMap<>();
        paces.forEach((pace, work) -> {
            if (work.known()) {
                known.put(pace, work);
            }
        });
        if (known.isEmpty()) {
            return OptionalDouble.empty();
        }
        double seconds = 0;
        for (Entry<Integer, Work> planned : paces.entrySet()) {
            Entry<Integer, Work> lower = known.floorEntry(planned.getKey());
            Work measured =
                    lower != null ? lower.getValue() : known.firstEntry().getValue();
            seconds += planned.getValue().left * measured.seconds / measured.done;
        }
        return OptionalDouble.of(seconds);
    }
}
