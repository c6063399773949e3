package resonance.posgen;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks a name up in a short list, and says which known name was probably meant when it is not there. */
final class KnownNames {

    /** A suggestion may differ from what was typed by at most this share of the longer name. */
    private static final double LARGEST_DIFFERENCE = 0.5;

    private KnownNames() {}

    static <T> T find(String thing, String name, List<T> known, Function<T, String> nameOf) {
        for (T candidate : known) {
            if (nameOf.apply(candidate).equals(name)) {
                return candidate;
            }
        }
        List<String> names = known.stream().map(nameOf).toList();
        String suggestion = names.stream()
                .min(Comparator.comparingDouble(candidate -> difference(name, candidate)))
                .filter(candidate -> difference(name, candidate) <= LARGEST_DIFFERENCE)
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
        throw new IllegalArgumentException(thing + " '" + name + "' is unknown; known: "
                + names.stream().collect(Collectors.joining(", ")) + suggestion);
    }

    /** Edit distance (insert, delete, replace; not upper for lower case) over the longer length: 0 for equal names, 1 for nothing in common. */
    private static double difference(String typedName, String known) {
        String typed = typedName.toLowerCase(Locale.ROOT);
        int[] previous = new int[known.length() + 1];
        for (int column = 0; column <= known.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= typed.length(); row++) {
            int[] current = new int[known.length() + 1];
            current[0] = row;
            for (int column = 1; column <= known.length(); column++) {
                int replaced = previous[column - 1] + (typed.charAt(row - 1) == known.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[known.length()] / (double) Math.max(typed.length(), known.length());
    }
}
