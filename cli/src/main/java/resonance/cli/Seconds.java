package resonance.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resonance.rope.Refusal;

/** A time as an option gives it. */
final class Seconds {
    private static final Pattern TEXT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([smh]?)");

    private Seconds() {}

    /**
     * A time as people write it: 90s, 5m, 1.5h, or seconds alone.
     *
     * @throws Refusal if it is none, or less than a nanosecond, in terms of {@code name}
     */
    static Duration ofText(String name, String text) {
        Matcher matcher = TEXT.matcher(text);
        Duration time = matcher.matches()
                ? duration(name, Double.parseDouble(matcher.group(1)) * seconds(matcher.group(2)))
                : Duration.ZERO;
        if (time.isZero()) {
            throw Refusal.was(name, "must be a time such as 90s, 5m or 1h", "'" + text + "'")
                    .cure("5m will do");
        }
        return time;
    }

    private static double seconds(String unit) {
        return switch (unit) {
            case "m" -> 60;
            case "h" -> 3600;
            default -> 1;
        };
    }

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
