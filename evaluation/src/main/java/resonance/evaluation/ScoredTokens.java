package resonance.evaluation;

import java.util.Map;
import java.util.Optional;

/** Which tokens of a task's sequences count, where it is not every one after the seed tokens. */
public final class ScoredTokens {

    private static final Map<String, String> OF_TASK =
            Map.of("mqar", "the value behind each query", "flip-flop", "the bit behind each read");

    private ScoredTokens() {}

    /** In words, as the subject of "counts"; empty if every token after the seed tokens does. */
    public static Optional<String> of(String task) {
        return Optional.ofNullable(OF_TASK.get(task));
    }
}
