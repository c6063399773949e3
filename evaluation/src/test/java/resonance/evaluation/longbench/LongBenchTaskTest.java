package resonance.evaluation.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.evaluation.task.TaskReference;

class LongBenchTaskTest {

    @Test
    void scoresAsLongBenchsOwnCode() throws IOException {
        Set<LongBenchTask> scored = EnumSet.noneOf(LongBenchTask.class);
        for (JsonNode row : GoldenFile.read("scores.json")) {
            LongBenchTask.named(row.get("task").asText()).ifPresent(task -> {
                scored.add(task);
                assertScores(task, row);
            });
        }
        assertThat(scored).containsExactly(LongBenchTask.values());
    }

    private static void assertScores(LongBenchTask task, JsonNode row) {
        List<String> classes = GoldenFile.texts(row.get("classes"));
        List<List<Double>> all = new ArrayList<>();
        for (int i = 0; i < row.get("answers").size(); i++) {
            String answer = row.get("answers").get(i).asText();
            List<String> right = GoldenFile.texts(row.get("right").get(i));
            List<Double> parts = task.parts(new TaskReference(right, classes), List.of(answer));
            assertThat(task.percent(List.of(parts)))
                    .as("%s: '%s' for %s among %s", task, answer, right, classes)
                    .isEqualTo(row.get("each").get(i).asDouble());
            all.add(parts);
        }
        assertThat(task.percent(all)).as("%s", task).isEqualTo(row.get("all").asDouble());
    }

    @Test
    void aChoiceIsFoundWhereLongBenchsOwnCodeFindsIt() throws IOException {
        JsonNode rows = GoldenFile.read("scores.json");
        JsonNode row = rows.get(rows.size() - 1);
        assertThat(row.get("task").asText()).isEqualTo("choice");
        MultipleChoice scoring = new MultipleChoice();
        for (int i = 0; i < row.get("answers").size(); i++) {
            List<String> answers = List.of(row.get("answers").get(i).asText());
            String found = row.get("each").get(i).isNull()
                    ? ""
                    : row.get("each").get(i).asText();
            assertThat(scoring.processed(TaskReference.of("A"), answers))
                    .as("%s", answers)
                    .isEqualTo(found);
            for (String right : List.of("A", "B", "C", "D")) {
                assertThat(scoring.score(TaskReference.of(right), answers)).isEqualTo(right.equals(found) ? 1 : 0);
            }
        }
        assertThat(scoring.percent(List.of(List.of(1.0), List.of(0.0), List.of(0.0))))
                .isEqualTo(33.3);
    }

    @Test
    void theClassBehindOneThatIsTakenOutIsPassedOver() {
        TaskReference reference = new TaskReference(List.of("abcd"), List.of("a", "b", "c", "abcd"));
        assertThat(LongBenchTask.TREC.score(reference, List.of("abcd"))).isEqualTo(0.5); // b stays
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerBehindExamplesIsSettledWithItsFirstLine(LongBenchTask task) {
        TaskReference reference = TaskReference.of("Paragraph 7");
        boolean continued = EnumSet.of(LongBenchTask.TREC, LongBenchTask.TRIVIAQA, LongBenchTask.LSHT)
                .contains(task);
        assertThat(task.isSettled(reference, 0, "\n\nDate")).isFalse();
        assertThat(task.isSettled(reference, 0, "\n\nDate\n")).isEqualTo(continued);
        assertThat(task.processed(reference, List.of("\n\nDate\nx"))).isEqualTo(continued ? "Date" : "\n\nDate\nx");
    }

    @Test
    void aChoiceIsSettledOnceItStandsInBrackets() {
        MultipleChoice scoring = new MultipleChoice();
        assertThat(scoring.isSettled(TaskReference.of("A"), 0, "The correct answer is B"))
                .isFalse();
        assertThat(scoring.isSettled(TaskReference.of("A"), 0, "**The correct answer is (B)"))
                .isTrue();
    }
}
