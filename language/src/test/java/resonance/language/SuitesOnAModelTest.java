package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.longbench.LongBench2Suite;
import resonance.evaluation.longbench.LongBenchSuite;
import resonance.evaluation.ruler.RulerSuite;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.TaskSuite;
import resonance.evaluation.task.study.TaskAnswer;
import resonance.evaluation.task.study.TaskKey;
import resonance.evaluation.task.study.TaskReport;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;
import resonance.rope.ScalingSettings;

/** Suites from their questions to their scores, on a model with a token a byte. */
class SuitesOnAModelTest {
    private final Path folder;
    private final RulerSuite ruler;

    SuitesOnAModelTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Path prose = Files.writeString(folder.resolve("prose.txt"), "It was a morning. There was a bell. ".repeat(9));
        ruler = new RulerSuite(prose);
    }

    private static TaskSettings settings(TaskSuite suite, Optional<Path> data, List<String> tasks, int length) {
        return new TaskSettings(
                suite,
                new SuiteSource(data, 42),
                tasks,
                List.of(length),
                OptionalInt.of(2),
                OptionalInt.empty(),
                PromptStyle.PLAIN,
                List.of(EncodingName.valueOf("none"), EncodingName.valueOf("yarn")),
                OptionalDouble.empty(),
                PlacementChoice.USUAL,
                ScalingSettings.DEFAULTS);
    }

    private StudiedFolder<TaskKey, TaskAnswer> run(LanguageModel model, TaskSettings settings) throws IOException {
        StudiedFolder<TaskKey, TaskAnswer> run = new StudiedFolder<>(
                new TaskStudy(model, settings, "1.2.3"),
                folder.resolve(settings.suite().name()));
        assertThat(run.run()).isTrue();
        return run;
    }

    @Test
    void rulersPromptsAndAnswersStayWithinTheLength() throws IOException {
        try (LanguageModel model = TinyModel.load(21, true)) {
            List<String> tasks = List.of("niah_single_1", "niah_multiquery", "fwe");
            StudiedFolder<TaskKey, TaskAnswer> run = run(model, settings(ruler, Optional.empty(), tasks, 1000));
            assertThat(run.finished).hasSize(3 * 2 * 2).allSatisfy(answer -> {
                assertThat(answer.written()).hasSize(1);
                TaskAnswer.Written written = answer.written().get(0);
                int mostTokens = answer.task().equals("fwe") ? 50 : 125;
                int beginning = 1;
                assertThat(written.promptTokens() + mostTokens).isLessThanOrEqualTo(1000 + beginning);
                assertThat(written.tokens()).isLessThanOrEqualTo(mostTokens);
                assertThat(written.lossTokens()).isGreaterThanOrEqualTo(8);
                assertThat(written.loss()).isPositive();
            });
            TaskReport report = TaskReport.read(folder.resolve("ruler"), name -> ruler);
            assertThat(report.results().scores()).hasSize(3 * 2);
        }
    }

    @Test
    void rulerSaysTheLengthThatATaskTakes() {
        try (LanguageModel model = TinyModel.load(21, false)) {
            assertThatThrownBy(() -> new TaskStudy(
                            model, settings(ruler, Optional.empty(), List.of("niah_single_1"), 256), "1.2.3"))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("lengths must be at least 510 tokens for niah_single_1 with this tokenizer, was 256");
        }
    }

    @Test
    void longBenchsPromptsLoseTheirMiddle() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        String row = "{\"context\": \"" + "The bell rang. ".repeat(60) + "\", \"input\": \"What rang?\","
                + " \"answers\": [\"the bell\"], \"all_classes\": null}\n";
        Files.writeString(data.resolve("qasper.jsonl"), row + row);
        Files.writeString(
                data.resolve("data.json"),
                "[{\"length\": \"short\", \"context\": \"" + "The bell rang. ".repeat(60)
                        + "\", \"question\": \"What rang?\", \"choice_A\": \"A\", \"choice_B\": \"B\", \"choice_C\": \"C\","
                        + " \"choice_D\": \"D\", \"answer\": \"B\"}]");
        try (LanguageModel model = TinyModel.load(22, true)) {
            StudiedFolder<TaskKey, TaskAnswer> first =
                    run(model, settings(new LongBenchSuite(), Optional.of(data), List.of("qasper"), 428));
            assertThat(first.finished)
                    .hasSize(4)
                    .allSatisfy(answer ->
                            assertThat(answer.written().get(0).promptTokens()).isEqualTo(300));
            StudiedFolder<TaskKey, TaskAnswer> second =
                    run(model, settings(new LongBench2Suite(), Optional.of(data), List.of("short"), 428));
            assertThat(second.finished)
                    .hasSize(2)
                    .allSatisfy(answer ->
                            assertThat(answer.written().get(0).promptTokens()).isEqualTo(300));
        }
    }
}
