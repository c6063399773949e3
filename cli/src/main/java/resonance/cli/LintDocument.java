package resonance.cli;

import java.util.List;
import resonance.serving.lint.Engine;
import resonance.serving.lint.Finding;
import resonance.serving.lint.LintReport;
import resonance.serving.lint.NotChecked;
import resonance.serving.lint.Severity;

/**
 * What {@code resonance lint --json} prints; the components are the keys of its JSON document.
 *
 * @param model as it was named
 * @param format Hugging Face or GGUF
 * @param checked engines that it was read for
 * @param notChecked engines of which nothing can be said, with the reason
 * @param clean whether every engine was checked, and there is neither an error nor a warning
 * @param errors how many findings are errors
 * @param warnings how many are warnings
 * @param notes how many are notes
 * @param findings errors first
 * @param memory what the model takes
 */
record LintDocument(
        String model,
        String format,
        List<String> checked,
        List<Gap> notChecked,
        boolean clean,
        int errors,
        int warnings,
        int notes,
        List<Entry> findings,
        MemoryNeed memory) {
    /**
     * An engine that could not be checked.
     *
     * @param engine which
     * @param reason why
     */
    record Gap(String engine, String reason) {
        static Gap of(NotChecked notChecked) {
            return new Gap(notChecked.engine().label(), notChecked.reason());
        }
    }

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

    static LintDocument of(LintReport report, MemoryNeed memory) {
        return new LintDocument(
                report.model().toString(),
                report.format().label(),
                report.checked().stream().map(Engine::label).toList(),
                report.notChecked().stream().map(Gap::of).toList(),
                report.clean(),
                report.count(Severity.ERROR),
                report.count(Severity.WARNING),
                report.count(Severity.NOTE),
                report.findings().stream().map(Entry::of).toList(),
                memory);
    }
}
