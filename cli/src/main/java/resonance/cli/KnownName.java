package resonance.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import resonance.rope.Refusal;

/** Looks a name of a short list up. */
final class KnownName {
    private KnownName() {}

    /**
     * The one with this name.
     *
     * @throws Refusal if there is none; the message lists the names, and suggests the nearest if it begins with the same
     *     letter: who typed "gpu" does not mean "cpu"
     */
    static <T> T find(String parameter, String name, List<T> known, Function<T, String> nameOf) {
        for (T candidate : known) {
            if (nameOf.apply(candidate).equals(name)) {
                return candidate;
            }
        }
        List<String> names = known.stream().map(nameOf).toList();
        String initial = name.substring(0, Math.min(1, name.length())).toLowerCase(Locale.ROOT);
        List<String> likely = names.stream()
                .filter(candidate -> !initial.isEmpty() && candidate.startsWith(initial))
                .toList();
        throw Refusal.unknown(parameter, name, likely, String.join(", ", names));
    }
}
