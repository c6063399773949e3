package resonance.evaluation.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TaskScoringTest {

    /** A question's parts stand in its answers. */
    private static final TaskScoring SCORING = new TaskScoring() {
        @Override
        public List<Double> parts(TaskReference reference, List<String> answers) {
            return answers.stream().map(Double::valueOf).toList();
        }

        @Override
        public int decimals() {
            return 2;
        }
    };

    @Test
    void partsAreRoundedBeforeTheyAreJoined() {
        List<List<Double>> parts = List.of(List.of(1.0, 0.0), List.of(0.0, 0.0), List.of(0.0, 1.0));
        assertThat(SCORING.percent(parts)).isEqualTo((33.33 + 33.33) / 2);
        assertThat(SCORING.score(TaskReference.of("-"), List.of("1", "0"))).isEqualTo(0.5);
        assertThatThrownBy(() -> SCORING.percent(List.of()))
                .hasMessage("parts must be those of at least one question, were none");
    }

    @Test
    void aStyleIsFoundByItsWord() {
        assertThat(PromptStyle.ofWord("llama2")).isEqualTo(PromptStyle.LLAMA2);
        assertThatThrownBy(() -> PromptStyle.ofWord("chta"))
                .hasMessage("prompt 'chta' is unknown; known: plain, chat, llama2, vicuna; did you mean 'chat'?");
    }

    @Test
    void aPromptIsItsTextOrItsTurnsAndThenTheBeginningOfTheAnswer() {
        ChatTemplate template = (system, user) -> "<" + system + "|" + user + ">";
        assertThat(TaskPrompt.ofText("2 + 2 =", " 4").text(template)).isEqualTo("2 + 2 =");
        assertThat(TaskPrompt.ofChat("Add.", "2 + 2?", " It is", " 4").text(template))
                .isEqualTo("<Add.|2 + 2?> It is");
    }
}
