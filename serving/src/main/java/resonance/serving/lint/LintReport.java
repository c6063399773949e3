package resonance.serving.lint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a model's engines will make of its position settings.
 *
 * @param model as it was named
 * @param format what it is
 * @param checked engines that it was read for, in the order of {@link Engine}
 * @param notChecked engines of which nothing can be said, with the reason
 * @param findings errors first; then by rule, key and engine
 */
public record LintReport(
        Path model, ModelFormat format, List<Engine> checked, List<NotChecked> notChecked, List<Finding> findings) {
    public LintReport {
        checked = List.copyOf(checked);
        notChecked = List.copyOf(notChecked);
        findings = List.copyOf(findings);
    }

    /** All engines that were asked about, in the order of {@link Engine}. */
    public List<Engine> engines() {
        return Arrays.stream(Engine.values())
                .filter(engine ->
                        checked.contains(engine) || notChecked.stream().anyMatch(one -> one.engine() == engine))
                .toList();
    }

    /** Whether every engine was checked and nothing is to be mended: no error and no warning. */
    public boolean clean() {
        return notChecked.isEmpty() && !mustBeMended();
    }

    /** Whether there is an error or a warning. */
    public boolean mustBeMended() {
        return findings.stream().anyMatch(finding -> finding.severity() != Severity.NOTE);
    }

    /** How many findings are of this severity. */
    public int count(Severity severity) {
        return (int) findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
