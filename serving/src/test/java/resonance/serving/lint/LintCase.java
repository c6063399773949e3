package resonance.serving.lint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A model that a rule is about, and one that nearly is.
 *
 * @param rule whose case it is
 * @param engines for whom
 * @param broken has the trap
 * @param sound has not, and differs in little else
 */
record LintCase(LintRule rule, List<Engine> engines, TestModel broken, TestModel sound) {
    /** A model's files, to be written into an empty folder. */
    @FunctionalInterface
    interface TestModel {
        /** Writes them and returns what to lint. */
        Path writeTo(Path folder) throws IOException;
    }

    /** What the rule says of a model. */
    List<Finding> findings(TestModel model, Path folder) throws IOException {
        return Linter.lint(model.writeTo(folder), Set.copyOf(engines)).findings().stream()
                .filter(finding -> finding.rule() == rule)
                .toList();
    }

    @Override
    public String toString() {
        return rule.label() + " for " + engines.stream().map(Engine::label).toList();
    }
}
