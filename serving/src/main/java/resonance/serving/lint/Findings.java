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

    /** Where findings for an engine go; nowhere if it was not asked for. */
    EngineFindings of(Engine engine) {
        return new EngineFindings(engine, engines.contains(engine) ? found::add : unwanted -> {});
    }

    /** All of them: errors first, then by rule, key and engine. */
    List<Finding> sorted() {
        return found.stream()
                .sorted(Comparator.comparing(Finding::severity)
                        .thenComparing(Finding::rule)
                        .thenComparing(Finding::key)
                        .thenComparing(Finding::engine))
                .toList();
    }
}
