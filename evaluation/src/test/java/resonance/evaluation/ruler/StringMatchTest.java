package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.evaluation.task.TaskReference;

class StringMatchTest {

    /** Scored by NVIDIA's own functions; see scores.py beside the file. */
    @Test
    void scoresAsNvidiasScriptDoes() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(ReferenceWords.read("scores.json"));
        assertThat(rows).hasSizeGreaterThan(15);
        for (JsonNode row : rows) {
            List<String> references = new ArrayList<>();
            row.get("references").forEach(reference -> references.add(reference.asText()));
            StringMatch scoring = new StringMatch();
            List<Double> parts = scoring.parts(
                    new TaskReference(references, List.of()),
                    List.of(row.get("answer").asText()));
            assertThat(scoring.percent(List.of(parts)))
                    .as(row.toString())
                    .isEqualTo(row.get("score").asDouble());
        }
    }

    @Test
    void aTaskIsTheMeanOfItsQuestionsInPercentWithTwoDecimals() {
        StringMatch scoring = new StringMatch();
        assertThat(scoring.percent(List.of(List.of(1.0), List.of(0.0), List.of(2 / 3.0))))
                .isEqualTo(55.56);
        assertThat(scoring.percent(List.of(List.of(0.25), List.of(0.0)))).isEqualTo(12.5);
    }

    @Test
    void anAnswerIsSettledOnceItHoldsAllReferences() {
        TaskReference two = new TaskReference(List.of("123", "AB"), List.of());
        assertThat(new StringMatch().isSettled(two, 0, " 123 and a")).isFalse();
        assertThat(new StringMatch().isSettled(two, 0, " 123 and ab")).isTrue();
    }

    @Test
    void anAnswerIsShownWithoutWhatIsCleanedOff() {
        assertThat(new StringMatch().processed(TaskReference.of("1"), List.of(" 1\t2 \u0000")))
                .isEqualTo("1\n2");
    }
}
