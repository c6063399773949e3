package resonance.serving.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FindingsTest {
    @Test
    void onlyFindingsOfWantedEnginesAreKept() {
        Findings findings = new Findings(Set.of(Engine.VLLM));
        findings.of(Engine.VLLM).add(LintRule.MISSING_KEY, "factor", "is absent");
        findings.of(Engine.TRANSFORMERS_4).add(LintRule.MISSING_KEY, "factor", "is absent");
        assertThat(findings.sorted())
                .containsExactly(new Finding(Engine.VLLM, LintRule.MISSING_KEY, "factor", "is absent", "add it"));
    }

    @Test
    void aMessageAboutAKeyBeginsWithItAndTheRemedyIsTheRulesOwnUnlessGiven() {
        Findings findings = new Findings(EnumSet.allOf(Engine.class));
        EngineFindings engine = findings.of(Engine.TRANSFORMERS_5);
        engine.about(LintRule.UNREAD_KEY, "rope_scaling.a", " = 1 is not read");
        engine.about(LintRule.WRONG_TYPE, "rope_scaling.b", " must be a number", "write a number");
        assertThat(findings.sorted())
                .containsExactly(
                        new Finding(
                                Engine.TRANSFORMERS_5,
                                LintRule.WRONG_TYPE,
                                "rope_scaling.b",
                                "rope_scaling.b must be a number",
                                "write a number"),
                        new Finding(
                                Engine.TRANSFORMERS_5,
                                LintRule.UNREAD_KEY,
                                "rope_scaling.a",
                                "rope_scaling.a = 1 is not read",
                                "correct its name, or remove it"));
    }

    @Test
    void theOrderIsThatOfSeverityRuleKeyAndEngineHoweverTheyCame() {
        List<Finding> ordered = List.of(
                finding(Engine.TRANSFORMERS_4, LintRule.OUT_OF_RANGE, "a"),
                finding(Engine.VLLM, LintRule.OUT_OF_RANGE, "a"),
                finding(Engine.TRANSFORMERS_4, LintRule.OUT_OF_RANGE, "b"),
                finding(Engine.TRANSFORMERS_4, LintRule.MISSING_KEY, "a"),
                finding(Engine.VLLM, LintRule.UNREAD_KEY, "a"),
                finding(Engine.VLLM, LintRule.LONGROPE_CHOSEN_AT_START, "a"));
        for (int seed = 0; seed < 20; seed++) {
            List<Finding> shuffled = new ArrayList<>(ordered);
            Collections.shuffle(shuffled, new Random(seed));
            Findings findings = new Findings(EnumSet.allOf(Engine.class));
            shuffled.forEach(one -> findings.of(one.engine()).add(one.rule(), one.key(), one.message(), one.remedy()));
            assertThat(findings.sorted()).as("seed %d", seed).isEqualTo(ordered);
        }
    }

    @ParameterizedTest
    @EnumSource(LintRule.class)
    void aRulesRemedyFitsInAFinding(LintRule rule) {
        Engine engine = rule.engines().get(0);
        assertThat(new Finding(engine, rule, "k", "m", rule.remedy()).remedy()).isEqualTo(rule.remedy());
    }

    @Test
    void aReportCountsBySeverityAndIsCleanWithNotesAlone() {
        Finding error = finding(Engine.VLLM, LintRule.MISSING_KEY, "a");
        Finding warning = finding(Engine.VLLM, LintRule.UNREAD_KEY, "a");
        Finding note = finding(Engine.VLLM, LintRule.LONGROPE_CHOSEN_AT_START, "a");
        LintReport report = report(List.of(error, warning, note, note));
        assertThat(report.count(Severity.ERROR)).isEqualTo(1);
        assertThat(report.count(Severity.WARNING)).isEqualTo(1);
        assertThat(report.count(Severity.NOTE)).isEqualTo(2);
        assertThat(report.clean()).isFalse();
        assertThat(report(List.of(note)).clean()).isTrue();
        assertThat(report(List.of(warning)).clean()).isFalse();
        assertThat(report(List.of()).clean()).isTrue();
    }

    @Test
    void aReportIsCleanOnlyForWhatWasChecked() {
        NotChecked gap = new NotChecked(Engine.TRANSFORMERS_4, "model_type 'x\u001b[31m' is unknown");
        LintReport report = new LintReport(
                Path.of("model"), ModelFormat.HUGGING_FACE, List.of(Engine.VLLM), List.of(gap), List.of());
        assertThat(report.clean()).isFalse();
        assertThat(report.mustBeMended()).isFalse();
        assertThat(report.engines()).containsExactly(Engine.TRANSFORMERS_4, Engine.VLLM);
        assertThat(gap.reason()).isEqualTo("model_type 'x\\u001b[31m' is unknown");
    }

    private static LintReport report(List<Finding> findings) {
        return new LintReport(Path.of("model"), ModelFormat.HUGGING_FACE, List.of(Engine.VLLM), List.of(), findings);
    }

    private static Finding finding(Engine engine, LintRule rule, String key) {
        return new Finding(engine, rule, key, "message", "remedy");
    }
}
