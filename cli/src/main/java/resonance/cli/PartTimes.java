package resonance.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long several parts of a study take that are not finished.
 *
 * @param finished cells of all parts
 * @param cells all of them
 * @param left of the parts of which it is known, by the least sure of what these rest on; empty if it is of none
 * @param unknown names of the parts of which nothing is known
 */
record PartTimes(int finished, int cells, Optional<TimeLeft> left, List<String> unknown) {
    PartTimes {
        unknown = List.copyOf(unknown);
    }

    static PartTimes of(List<PartState> parts) {
        Optional<TimeLeft> sum = Optional.empty();
        List<String> unknown = new ArrayList<>();
        for (PartState part : parts) {
            Optional<TimeLeft> left = part.timeLeft(parts);
            if (left.isEmpty()) {
                unknown.add(part.part().name());
            } else if (left.get().seconds() > 0) {
                sum = Optional.of(sum.map(other -> other.plus(left.get())).orElse(left.get()));
            }
        }
        return new PartTimes(
                parts.stream().mapToInt(PartState::finished).sum(),
                parts.stream().mapToInt(PartState::cells).sum(),
                sum,
                unknown);
    }

    /** What is done and what is left, in words. */
    String text() {
        String done = finished + " of " + cells + " cells";
        if (finished == cells) {
            return done + "; nothing is left.";
        }
        String known = left.map(time -> ", " + time.text()).orElse("");
        return unknown.isEmpty()
                ? done + known + "."
                : done + known + (known.isEmpty() ? "" : ", without what is not known")
                        + "; the time is unknown until the first cell is done of " + String.join(", ", unknown) + ".";
    }
}
