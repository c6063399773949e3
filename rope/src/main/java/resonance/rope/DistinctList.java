package resonance.rope;

import java.util.HashSet;
import java.util.List;

/** Lists that name what a study measures: at least one thing, none twice. */
public final class DistinctList {
    private DistinctList() {}

    /**
     * A copy.
     *
     * @param parameter what a refusal calls the list
     * @throws Refusal if there is none, or one twice
     */
    public static <T> List<T> of(String parameter, List<T> values) {
        if (values.isEmpty()) {
            throw Refusal.of(parameter, "must be at least one", "was none");
        }
        if (new HashSet<>(values).size() != values.size()) {
            throw Refusal.of(parameter, "must not repeat", "were " + values);
        }
        return List.copyOf(values);
    }

    /**
     * A copy of values that ascend.
     *
     * @throws Refusal if there is none, one twice, or one before a smaller one
     */
    public static <T extends Comparable<T>> List<T> ascending(String parameter, List<T> values) {
        List<T> distinct = of(parameter, values);
        if (!distinct.equals(distinct.stream().sorted().toList())) {
            throw Refusal.of(parameter, "must ascend", "were " + values);
        }
        return distinct;
    }
}
