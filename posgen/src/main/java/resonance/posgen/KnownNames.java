package resonance.posgen;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks a name up in a short list. */
final class KnownNames {
    private KnownNames() {}

    static <T> T find(String thing, String name, List<T> known, Function<T, String> nameOf) {
        return known.stream()
                .filter(candidate -> nameOf.apply(candidate).equals(name))
                .findFirst()
                .orElseThrow(() -> new PosgenRefusal(
                        "{" + thing + "}",
                        " '" + name + "' is unknown; known: "
                                + known.stream().map(nameOf).collect(Collectors.joining(", "))));
    }
}
