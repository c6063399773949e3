package resonance.serving.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import resonance.rope.huggingface.ModelRopeReader;
import resonance.rope.huggingface.TransformersVersion;
import resonance.rope.huggingface.UnknownPositionsException;

/** What no rule looks for and the reader of positions refuses or does not know: nothing of that kind is clean. */
final class Unreadable {
    private static final String TEXT = "text_config";

    /** Keys that the reader is stricter about than version 4, which was run; other rules look at them. */
    private static final List<String> LEFT_TO_OTHERS = List.of("hidden_size", "rope_parameters");

    private Unreadable() {}

    /** Adds what is refused to the findings, and tells of which engines nothing can be said. */
    static List<NotChecked> gaps(JsonValues whole, List<Engine> checked, Findings findings) {
        List<NotChecked> gaps = new ArrayList<>();
        Optional<String> broken = brokenFile(whole);
        for (Engine engine : Engine.TRANSFORMERS) {
            boolean known = findings.sorted().stream()
                    .anyMatch(finding -> finding.engine() == engine && finding.severity() == Severity.ERROR);
            if (!checked.contains(engine) || known) {
                continue;
            }
            if (broken.isPresent()) {
                findings.of(engine).add(LintRule.UNREADABLE_POSITIONS, "config.json", broken.get());
                continue;
            }
            try {
                ModelRopeReader.read(
                        whole.values(),
                        engine == Engine.TRANSFORMERS_4 ? TransformersVersion.V4 : TransformersVersion.V5);
            } catch (UnknownPositionsException unknown) {
                gaps.add(new NotChecked(engine, message(unknown)));
            } catch (IllegalArgumentException refused) {
                String message = message(refused);
                String key = key(message);
                if (engine != Engine.TRANSFORMERS_4 || LEFT_TO_OTHERS.stream().noneMatch(key::endsWith)) {
                    findings.of(engine).add(LintRule.UNREADABLE_POSITIONS, key, message);
                }
            }
        }
        return gaps;
    }

    private static Optional<String> brokenFile(JsonValues whole) {
        Object text = whole.values().get(TEXT);
        return text == null || text instanceof Map
                ? Optional.empty()
                : Optional.of(TEXT + " must be an object, was " + Shown.value(text) + "; the model fails to load");
    }

    private static String message(IllegalArgumentException refusal) {
        return String.valueOf(refusal.getMessage());
    }

    /** Messages begin with their key. */
    private static String key(String message) {
        return message.split(" ", 2)[0];
    }
}
