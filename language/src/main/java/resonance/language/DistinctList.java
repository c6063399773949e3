package resonance.language;

import java.util.HashSet;
import java.util.List;
import resonance.model.EncodingChoice;
import resonance.rope.RopeSettings;

/** Lists that name what a run measures: at least one thing, nothing twice. */
final class DistinctList {
    /** A token can be predicted from one before it at least. */
    private static final int SHORTEST_LENGTH = 2;

    private DistinctList() {}

    /** A copy. */
    static <T> List<T> of(String what, List<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(what + " must be at least one, was none");
        }
        if (new HashSet<>(values).size() != values.size()) {
            throw new IllegalArgumentException(what + " must not repeat, were " + values);
        }
        return List.copyOf(values);
    }

    /**
     * Names of encodings as {@link EncodingChoice#name} writes them.
     *
     * @throws IllegalArgumentException if there is none, one is unknown, or two are the same encoding
     */
    static List<String> ofEncodings(List<String> names) {
        return of(
                "encodings",
                names.stream()
                        .map(name ->
                                EncodingChoice.of(name, RopeSettings.DEFAULTS).name())
                        .toList());
    }

    /** A copy of numbers of tokens, ascending. */
    static List<Integer> ofLengths(List<Integer> lengths) {
        List<Integer> ascending = of("lengths", lengths).stream().sorted().toList();
        if (ascending.get(0) < SHORTEST_LENGTH) {
            throw new IllegalArgumentException(
                    "lengths must be at least " + SHORTEST_LENGTH + " tokens, found " + ascending.get(0));
        }
        return ascending;
    }
}
