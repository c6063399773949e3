package resonance.serving.lint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Collects what the rules find for the engines that were asked for. */
final class Findings {
    private final Set<Engine> engines;
    private final List<Finding> found = new ArrayList<>();

    Findings(Set<Engine> engines) {
        this.engines = Set.copyOf(engines);
    }

    /** Whether findings for this engine are wanted. */
    boolean wants(Engine engine) {
        return engines.contains(engine);
    }

    void add(Engine engine, LintRule rule, String key, String message, String remedy) {
        if (wants(engine)) {
            found.add(new Finding(engine, rule, key, message, remedy));
        }
    }

    /** All of them: errors first, then by rule, key and engine. */
    List<Finding> sorted() {
        List<Finding> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(Finding::severity)
                .thenComparing(Finding::rule)
                .thenComparing(Finding::key)
                .thenComparing(Finding::engine));
        return List.copyOf(sorted);
    }
}
