package resonance.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.serving.lint.Engine;
import resonance.serving.lint.Finding;
import resonance.serving.lint.LintReport;
import resonance.serving.lint.Severity;

/**
 * A report for people: what engines have in common is told once.
 *
 * <pre>
 *   severity engine[, engine] rule  key
 *     message
 *     remedy: ...
 *
 *   not checked engine[, engine]: reason </pre>
 */
final class LintText {
    private final LintReport report;

    LintText(LintReport report) {
        this.report = report;
    }

    void print(PrintWriter out) {
        together().forEach((finding, engines) -> {
            out.println(finding.severity().label() + " " + String.join(", ", engines) + " "
                    + finding.rule().label() + "  " + finding.key());
            out.println("  " + finding.message());
            out.println("  remedy: " + finding.remedy());
            out.println();
        });
        gaps().forEach((reason, engines) -> out.println("not checked " + String.join(", ", engines) + ": " + reason));
        out.println(summary());
    }

    /** Findings that differ in nothing but the engine, under the first of them. */
    private Map<Finding, List<String>> together() {
        Map<Finding, List<String>> together = new LinkedHashMap<>();
        for (Finding finding : report.findings()) {
            Finding same = together.keySet().stream()
                    .filter(other -> other.rule() == finding.rule()
                            && other.key().equals(finding.key())
                            && other.message().equals(finding.message())
                            && other.remedy().equals(finding.remedy()))
                    .findFirst()
                    .orElse(finding);
            together.computeIfAbsent(same, first -> new ArrayList<>())
                    .add(finding.engine().label());
        }
        return together;
    }

    /** Engines that could not be checked for the same reason, together. */
    private Map<String, List<String>> gaps() {
        Map<String, List<String>> gaps = new LinkedHashMap<>();
        report.notChecked()
                .forEach(gap -> gaps.computeIfAbsent(gap.reason(), reason -> new ArrayList<>())
                        .add(gap.engine().label()));
        return gaps;
    }

    private String summary() {
        if (report.checked().isEmpty()) {
            return "not checked: " + report.model();
        }
        String engines =
                String.join(", ", report.checked().stream().map(Engine::label).toList());
        String notes = plural(report.count(Severity.NOTE), "note");
        if (report.clean()) {
            return "clean: " + report.model() + " for " + engines
                    + (report.findings().isEmpty() ? "" : " (" + notes + ")");
        }
        return plural(report.count(Severity.ERROR), "error") + ", "
                + plural(report.count(Severity.WARNING), "warning") + ", " + notes + ": " + report.model() + " for "
                + engines;
    }

    private static String plural(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
