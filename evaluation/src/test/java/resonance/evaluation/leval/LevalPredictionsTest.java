package resonance.evaluation.leval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LevalPredictionsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static String row(String answer, String gold) {
        return "{\"query\": \"?\", \"gt\": \"" + gold + "\", \"prompt\": \"\", \"a_pred\": \"" + answer
                + "\", \"b_pred\": \"D\", \"evaluation\": \"exam\"}\n";
    }

    private LevalPredictions read(String name, String content) throws IOException {
        return LevalPredictions.read(Files.writeString(folder.resolve(name), content));
    }

    @Test
    void theFirstKeyWithPredIsScoredOverAllQuestions() throws IOException {
        LevalPredictions predictions = read("coursera.pred.jsonl", row("A", "AB") + row("BC.", "BC") + row("D", "A"));
        assertThat(predictions.task()).isEqualTo(LevalTask.COURSERA);
        assertThat(predictions.percent()).isEqualTo(41.6667);
        assertThat(predictions.counts()).isEqualTo("1 of 3 right, 1 in part");
        assertThat(predictions.rows())
                .extracting(LevalPredictions.Row::processed)
                .containsExactly("A", "BC", "D");
        assertThat(predictions.rows())
                .extracting(LevalPredictions.Row::processedGold)
                .containsExactly("AB", "BC", "A");
    }

    @Test
    void rowsOfOpenEndedTasksArePassedOverOrRefusedAsTheyWouldBe() throws IOException {
        String open = row("B", "A").replace("exam", "LLM");
        assertThat(read("tpo.pred.jsonl", row("A", "A") + open).counts()).isEqualTo("1 of 1 right");
        Path file = folder.resolve("tpo.pred.jsonl");
        assertThatThrownBy(() -> read("tpo.pred.jsonl", open))
                .hasMessage(file + " must have a row whose evaluation is exam, has none");
        assertThatThrownBy(() ->
                        read("tpo.pred.jsonl", row("A", "A") + row("B", "A").replace("exam", "rouge")))
                .hasMessage(
                        file + ", line 2: evaluation must be exam, was rouge; only closed-ended tasks are scored here");
    }

    @Test
    void aFileThatCannotBeScoredIsRefused() {
        assertThatThrownBy(() -> read("answers.jsonl", row("A", "A")))
                .hasMessage(
                        folder.resolve("answers.jsonl") + " must have a path that says the task, has none of coursera,"
                                + " quality, tpo, gsm, codeU, sci_fi; rename it");
        Path file = folder.resolve("tpo.pred.jsonl");
        assertThatThrownBy(() -> read("tpo.pred.jsonl", row("A", "A").replace("_pred", "_said")))
                .hasMessage(file + ", line 1 must have a key that contains _pred, has none; see L-Eval's form");
        assertThatThrownBy(() ->
                        read("tpo.pred.jsonl", row("A", "A") + row("A", "A").replace("\"gt\"", "\"gold\"")))
                .hasMessage(file + ", line 2: gt must be a text, is missing; get the file anew");
    }
}
