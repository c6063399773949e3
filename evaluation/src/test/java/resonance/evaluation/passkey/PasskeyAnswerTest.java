package resonance.evaluation.passkey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasskeyAnswerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                " 1234",
                "1234.",
                " the key 1234 and 5678",
                " 01234",
                "000000000000000000001234",
                "1234th",
                "-1234",
                "\n\n1234\n",
                " ١٢٣٤ in another script",
                " 𝟏𝟐𝟑𝟒",
                " ²1234"
            })
    void theFirstNumberCounts(String answer) {
        assertThat(PasskeyAnswer.isCorrect(answer, 1234)).as(answer).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " green. The sky is blue.",
                " 123",
                " 12345",
                " 1,234",
                " 1 234",
                " 5678, no, 1234",
                "99999999999999999999999999991234",
                "4294968530"
            })
    void anythingElseDoesNot(String answer) {
        assertThat(PasskeyAnswer.isCorrect(answer, 1234)).as(answer).isFalse();
    }
}
