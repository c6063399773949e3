package resonance.serving.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LintRuleTest {
    private static final Path DOCUMENTATION = Path.of("../docs/lint.md");

    static Stream<LintCase> cases() {
        return Stream.concat(HuggingFaceCases.all().stream(), GgufCases.all().stream());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsItsTrapForEveryEngine(LintCase lintCase, @TempDir Path folder) throws IOException {
        assertThat(lintCase.findings(lintCase.broken(), folder).stream().map(Finding::engine))
                .containsAll(lintCase.engines());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsNothingInAModelThatComesNear(LintCase lintCase, @TempDir Path folder) throws IOException {
        assertThat(lintCase.findings(lintCase.sound(), folder)).isEmpty();
    }

    @Test
    void everyRuleHasACaseForEachOfItsEngines() {
        Map<LintRule, Set<Engine>> covered = new EnumMap<>(LintRule.class);
        cases().forEach(lintCase -> covered.computeIfAbsent(lintCase.rule(), rule -> EnumSet.noneOf(Engine.class))
                .addAll(lintCase.engines()));
        for (LintRule rule : LintRule.values()) {
            assertThat(covered.get(rule)).as(rule.label()).isEqualTo(EnumSet.copyOf(rule.engines()));
        }
    }

    /** After a wanted change, replace the file by the text that the failure shows, and read the difference. */
    @Test
    void saysOfEachTrapWhatTheGoldenFileHas(@TempDir Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        int number = 0;
        for (LintCase lintCase : cases().toList()) {
            Path own = Files.createDirectory(folder.resolve("case" + number++));
            for (Finding finding : lintCase.findings(lintCase.broken(), own)) {
                lines.add(String.join(
                        " | ",
                        finding.engine().label(),
                        finding.severity().label(),
                        finding.rule().label(),
                        finding.key(),
                        finding.message(),
                        finding.remedy()));
            }
        }
        try (InputStream in = LintRuleTest.class.getResourceAsStream("findings.txt")) {
            assertThat(in).isNotNull();
            assertThat(String.join("\n", lines) + "\n")
                    .isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource(LintRule.class)
    void standsInTheDocumentation(LintRule rule) throws IOException {
        String engines =
                String.join(", ", rule.engines().stream().map(Engine::label).toList());
        assertThat(Files.readAllLines(DOCUMENTATION).stream()
                        .filter(line -> line.startsWith("| `" + rule.label() + "` | " + engines + " | "
                                + rule.severity().label() + " | ")))
                .hasSize(1);
    }

    @Test
    void aFindingMustBeOfAnEngineOfItsRule() {
        assertThatThrownBy(() -> new Finding(Engine.VLLM, LintRule.BASE_UNREAD, "rope_theta", "unread", "move it"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("engine must be one of rule base-unread ([TRANSFORMERS_4]), was VLLM");
    }

    @Test
    void whatAFileSaysCannotReachTheTerminalAsControlCharacters() {
        Finding finding = new Finding(
                Engine.VLLM, LintRule.UNREAD_KEY, "rope_scaling.a\u001b[31m\n", "x".repeat(1000), "remove it");
        assertThat(finding.key()).isEqualTo("rope_scaling.a\\u001b[31m\\u000a");
        assertThat(finding.message()).isEqualTo("x".repeat(400) + "...");
    }
}
