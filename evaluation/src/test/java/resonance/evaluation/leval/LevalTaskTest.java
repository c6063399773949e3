package resonance.evaluation.leval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.evaluation.task.TaskReference;

class LevalTaskTest {

    /** An answer made by chance and what L-Eval's scorer makes of it, by {@code golden/leval_scores.py}. */
    private record Golden(LevalTask task, String answer, String gold, JsonNode row) {}

    private static Stream<Golden> golden() throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(LevalTaskTest.class.getResourceAsStream("/golden/leval_scores.jsonl")),
                StandardCharsets.UTF_8))) {
            List<Golden> golden = new ArrayList<>();
            for (String line : lines.lines().toList()) {
                JsonNode row = json.readTree(line);
                LevalTask task = LevalTask.ofPath(row.get("task").textValue()).orElseThrow();
                golden.add(new Golden(
                        task, row.get("answer").textValue(), row.get("gold").textValue(), row));
            }
            return golden.stream();
        }
    }

    private static Stream<Golden> goldenOfOnePrompt() throws IOException {
        return golden().filter(golden -> golden.task != LevalTask.SFICTION);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void processesAndScoresAsTheBenchmarkDoes(Golden golden) {
        LevalTask task = golden.task;
        assertThat(task.processed(golden.answer, golden.gold))
                .isEqualTo(golden.row.get("processed").textValue());
        assertThat(task.processedReference(golden.gold))
                .isEqualTo(golden.row.get("processedGold").textValue());
        List<Double> parts = new ArrayList<>();
        golden.row.get("parts").forEach(part -> parts.add(part.doubleValue()));
        assertThat(task.parts(TaskReference.of(golden.gold), List.of(golden.answer)))
                .isEqualTo(parts);
    }

    @ParameterizedTest
    @MethodSource("goldenOfOnePrompt")
    void aSettledAnswerKeepsItsScoreHoweverItGoesOn(Golden golden) {
        LevalTask task = golden.task;
        TaskReference reference = TaskReference.of(golden.gold);
        for (int end = 0; end <= golden.answer.length(); end++) {
            String soFar = golden.answer.substring(0, end);
            if (task.isSettled(reference, 0, soFar)) {
                assertThat(task.processed(soFar, golden.gold))
                        .as(soFar)
                        .isEqualTo(task.processed(golden.answer, golden.gold));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "QUALITY|B|false",
                "QUALITY|AB|false",
                "QUALITY|AC|true",
                "QUALITY|' B'|true",
                "QUALITY|the|false",
                "GSM|The answer is 18|false",
                "GSM|'The answer is 18 '|true",
                "GSM|so 18 and|false",
                "COURSERA|B.|false",
                "CODEU|the final output is 3 |false",
                "SFICTION|' True'|false",
                "SFICTION|' True,\n'|true",
                "SFICTION|'true [fact: x '|false",
            })
    void anAnswerIsSettledOnceNothingCanChangeIt(LevalTask task, String soFar, boolean settled) {
        assertThat(task.isSettled(TaskReference.of("-"), 0, soFar)).isEqualTo(settled);
    }

    @Test
    void bothJudgementsOfAStoryCountHalf() {
        TaskReference reference = TaskReference.of("True [fact: False]");
        assertThat(LevalTask.SFICTION.parts(reference, List.of(" True.", " I say false\n")))
                .containsExactly(1.0, 1.0);
        assertThat(LevalTask.SFICTION.parts(reference, List.of("Untrue", ""))).containsExactly(1.0, 0.0);
        assertThat(LevalTask.SFICTION.percent(List.of(List.of(1.0, 0.0), List.of(1.0, 1.0), List.of(0.0, 0.0))))
                .isEqualTo((66.6667 + 33.3333) / 2);
    }

    @ParameterizedTest
    @CsvSource({
        "out/gpt4/coursera.pred.jsonl,COURSERA",
        "quality/gsm100.pred.jsonl,QUALITY",
        "gsm-runs/codeU.pred.jsonl,GSM",
        "tpo.jsonl,TOEFL",
        "sci_fi.pred.jsonl,SFICTION",
    })
    void theTaskIsTheFirstThatTheWholePathNames(String path, LevalTask task) {
        assertThat(LevalTask.ofPath(path)).contains(task);
    }

    @Test
    void aPathThatNamesNoTaskHasNone() {
        assertThat(LevalTask.ofPath("codeu.jsonl")).isEmpty();
    }
}
