package resonance.cli;

import java.util.List;
import resonance.serving.lint.Engine;
import resonance.serving.lint.Finding;
import resonance.serving.lint.LintReport;
import resonance.serving.lint.Severity;

/**
 * What {@code resonance lint --json} prints; the components are the keys of its JSON document.
 *
 * @param model as it was named
 * @param format Hugging Face or GGUF
 * @param engines it was read for
 * @param clean whether there is neither an error nor a warning
 * @param errors how many findings are errors
 * @param warnings how many are warnings
 * @param notes how many are notes
 * @param findings errors first
 */
record LintDocument(
        String model,
        String format,
        List<String> engines,
        boolean clean,
        int errors,
        int warnings,
        int notes,
        List<Entry> findings) {
    /**
     * One finding.
     *
     * @param engine that reads so
     * @param rule name of the trap
     * @param severity error, warning or note
     * @param key where it stands
     * @param message what the engine makes of it
     * @param remedy what to do
     */
    record Entry(String engine, String rule, String severity, String key, String message, String remedy) {
        static Entry of(Finding finding) {
            return new Entry(
                    finding.engine().label(),
                    finding.rule().label(),
                    finding.severity().label(),
                    finding.key(),
                    finding.message(),
                    finding.remedy());
        }
    }

    static LintDocument of(LintReport report) {
        return new LintDocument(
                report.model().toString(),
                report.format().label(),
                report.engines().stream().map(Engine::label).toList(),
                report.clean(),
                report.count(Severity.ERROR),
                report.count(Severity.WARNING),
                report.count(Severity.NOTE),
                report.findings().stream().map(Entry::of).toList());
    }
}
