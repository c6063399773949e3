package resonance.serving.lint;

import java.util.function.Consumer;

/** Takes what is found for one engine; where no remedy is given it is the rule's own. */
record EngineFindings(Engine engine, Consumer<Finding> target) {
    void add(LintRule rule, String key, String message) {
        add(rule, key, message, rule.remedy());
    }

    void add(LintRule rule, String key, String message, String remedy) {
        target.accept(new Finding(engine, rule, key, message, remedy));
    }

    /** A finding whose message begins with its key. */
    void about(LintRule rule, String key, String rest) {
        add(rule, key, key + rest);
    }

    /** A finding whose message begins with its key. */
    void about(LintRule rule, String key, String rest, String remedy) {
        add(rule, key, key + rest, remedy);
    }
}
