package resonance.evaluation;

import java.util.Map;

/** Names of tasks as the papers write them; an unknown one is shown as it is. */
public final class DisplayNames {

    private static final Map<String, String> TASKS = Map.of(
            "recursive",
            "Recursive",
            "cot",
            "CoT",
            "semi-recursive",
            "Semi-recursive",
            "mqar",
            "MQAR",
            "flip-flop",
            "Flip-flop");

    private DisplayNames() {}

    /** {@code cot} is "CoT". */
    public static String ofTask(String task) {
        return TASKS.getOrDefault(task, task);
    }
}
