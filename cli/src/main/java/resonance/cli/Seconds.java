package resonance.cli;

import java.time.Duration;
import resonance.rope.Refusal;

/** A time as an option gives it. */
final class Seconds {
    private Seconds() {}

    /**
     * A number of seconds as a duration.
     *
     * @throws IllegalArgumentException if it is no number that a duration can hold, in terms of {@code name}
     */
    static Duration duration(String name, double seconds) {
        if (!(Math.abs(seconds) <= Integer.MAX_VALUE)) {
            throw Refusal.of(name, "must be a number of seconds", "was " + seconds)
                    .cure("30 will do");
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
