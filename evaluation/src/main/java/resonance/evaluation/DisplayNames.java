package resonance.evaluation;

import java.util.Map;

/** Names of tasks and encodings as the paper writes them; an unknown one is shown as it is. */
public final class DisplayNames {

    private static final Map<String, String> TASKS =
            Map.of("recursive", "Recursive", "cot", "CoT", "semi-recursive", "Semi-recursive");

    private static final Map<String, String> ENCODINGS = Map.ofEntries(
            Map.entry("rope", "RoPE"),
            Map.entry("none", "No scaling"),
            Map.entry("resonance-none", "Resonance alone"),
            Map.entry("linear", "Linear"),
            Map.entry("ntk", "NTK-aware"),
            Map.entry("abf", "ABF"),
            Map.entry("dynamic-ntk", "Dynamic NTK"),
            Map.entry("ntk-by-parts", "NTK-by-parts"),
            Map.entry("yarn", "YaRN"),
            Map.entry("yarn-paper", "YaRN (as printed)"),
            Map.entry("dynamic-yarn", "Dynamic YaRN"),
            Map.entry("longrope", "LongRoPE"),
            Map.entry("llama3", "Llama 3"),
            Map.entry("proportional", "Proportional"));

    private DisplayNames() {}

    /** {@code cot} is "CoT". */
    public static String ofTask(String task) {
        return TASKS.getOrDefault(task, task);
    }

    /** {@code resonance-yarn} is "Resonance YaRN". */
    public static String ofEncoding(String encoding) {
        if (!ENCODINGS.containsKey(encoding) && encoding.startsWith(ComparisonPlan.RESONANCE_PREFIX)) {
            return "Resonance " + ofEncoding(encoding.substring(ComparisonPlan.RESONANCE_PREFIX.length()));
        }
        return ENCODINGS.getOrDefault(encoding, encoding);
    }
}
