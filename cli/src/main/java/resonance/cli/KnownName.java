package resonance.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import resonance.rope.Spelling;

/** Looks a name of a short list up. */
final class KnownName {
    private KnownName() {}

    /**
     * The one with this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names, and suggests the nearest if it begins
     *     with the same letter: who typed "gpu" does not mean "cpu"
     */
    static <T> T find(String thing, String name, List<T> known, Function<T, String> nameOf) {
        for (T candidate : known) {
            if (nameOf.apply(candidate).equals(name)) {
                return candidate;
            }
        }
        List<String> names = known.stream().map(nameOf).toList();
        throw new IllegalArgumentException(thing + " '" + name + "' is unknown; known: " + String.join(", ", names)
                + Spelling.nearest(name, names)
                        .filter(nearest ->
                                nearest.startsWith(name.substring(0, 1).toLowerCase(Locale.ROOT)))
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse(""));
    }
}
