package resonance.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How long several parts of a study take that are not finished.
 *
 * @param finished cells of all parts
 * @param cells all of them
 * @param seconds of the parts of which it is known
 * @param unknown names of the parts of which nothing is known, since none of their kind has a finished cell
 */
record PartTimes(int finished, int cells, double seconds, List<String> unknown) {
    PartTimes {
        unknown = List.copyOf(unknown);
    }

    static PartTimes of(List<PartState> parts) {
        double seconds = 0;
        List<String> unknown = new ArrayList<>();
        for (PartState part : parts) {
            OptionalDouble left = part.secondsLeft(parts);
            seconds += left.orElse(0);
            if (left.isEmpty()) {
                unknown.add(part.part().name());
            }
        }
        return new PartTimes(
                parts.stream().mapToInt(PartState::finished).sum(),
                parts.stream().mapToInt(PartState::cells).sum(),
                seconds,
                unknown);
    }

    /** What is done and what is left, in words. */
    String text() {
        String done = finished + " of " + cells + " cells";
        if (finished == cells) {
            return done + "; nothing is left.";
        }
        String known = seconds > 0 ? "about " + ProgressLine.time(seconds) + " left" : "";
        if (unknown.isEmpty()) {
            return done + ", " + known + ", by the times of finished cells and the work that is left.";
        }
        return done + (known.isEmpty() ? "" : ", " + known + " of what is known")
                + "; the time is unknown until the first cell is done of " + String.join(", ", unknown) + ".";
    }
}
