package resonance.serving.lint;

import java.nio.file.Path;
import java.util.List;

/**
 * What a model's engines will make of its position settings.
 *
 * @param model as it was named
 * @param format what it is
 * @param engines it was read for, in the order of {@link Engine}
 * @param findings errors first; then by rule, key and engine
 */
public record LintReport(Path model, ModelFormat format, List<Engine> engines, List<Finding> findings) {
    public LintReport {
        engines = List.copyOf(engines);
        findings = List.copyOf(findings);
    }

    /** Whether nothing is to be mended: no error and no warning. */
    public boolean clean() {
        return findings.stream().allMatch(finding -> finding.severity() == Severity.NOTE);
    }

    /** How many findings are of this severity. */
    public int count(Severity severity) {
        return (int) findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
