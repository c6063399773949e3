package resonance.evaluation.longbench;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether an answer names the right class: {@code classification_score} of LongBench's {@code metrics.py}.
 *
 * <pre>  named = classes that the answer holds, in the order of the data
 *   score = 1 / |named| if the right one is among them, else 0 </pre>
 *
 * <p>Classes that are part of the right one's name do not count. Theirs takes them out of the list while going through it,
 * which passes over the one behind each; so does this.
 */
final class LabelMatch {
    private LabelMatch() {}

    static double score(String answer, String right, List<String> classes) {
        List<String> named = new ArrayList<>();
        for (String name : classes) {
            if (answer.contains(name)) {
                named.add(name);
            }
        }
        for (int i = 0; i < named.size(); i++) {
            String name = named.get(i);
            if (right.contains(name) && !right.equals(name)) {
                named.remove(name);
            }
        }
        return named.contains(right) ? 1.0 / named.size() : 0;
    }
}
