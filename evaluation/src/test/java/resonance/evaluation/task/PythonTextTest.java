package resonance.evaluation.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {" ", "\t", "\n", "\u000b", "\u001c", "\u001f", "\u0085", "\u00a0", "\u2003", "\u2028", "\u3000"})
    void everyBlankOfPythonPartsWords(String blank) {
        assertThat(PythonText.words(blank + "a" + blank + blank + "b" + blank)).containsExactly("a", "b");
        assertThat(PythonText.strip(blank + "a" + blank + "b" + blank)).isEqualTo("a" + blank + "b");
        assertThat(PythonText.squeezed("a" + blank + blank + "b")).isEqualTo("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200b", "\ufeff", "\u0000", "\u180e"})
    void whatIsNoBlankStays(String character) {
        assertThat(PythonText.words("a" + character + "b")).hasSize(1);
        assertThat(PythonText.strip(character)).isEqualTo(character);
    }

    @Test
    void outerBlanksLeaveAnEmptyPieceAndNoEmptyWord() {
        assertThat(PythonText.pieces(" a  b ")).containsExactly("", "a", "b", "");
        assertThat(PythonText.pieces("")).containsExactly("");
        assertThat(PythonText.words(" a  b ")).containsExactly("a", "b");
        assertThat(PythonText.words("  ")).isEqualTo(List.of());
    }

    @Test
    void superscriptsAndCircledDigitsAreDigitsAndFractionsAreNot() {
        assertThat("7٣²⑤₉".codePoints().allMatch(PythonText::isDigit)).isTrue();
        assertThat("½Ⅷ五x⑩".codePoints().noneMatch(PythonText::isDigit)).isTrue();
    }

    @Test
    void punctuationIsThatOfAscii() {
        assertThat(PythonText.withoutPunctuation("a.b,“c”—d'e_f$")).isEqualTo("ab“c”—def");
    }
}
