package resonance.serving.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValuesTest {
    private static final JsonValues VALUES = new JsonValues(
            "",
            TestConfig.parse(
                    "{'whole': 8, 'half': 0.5, 'zero': 0, 'below': -1, 'text': 'yarn', 'yes': true, 'none': null,"
                            + " 'numbers': [1, 2.5], 'mixed': [1, 'x', 'y'], 'inner': {'factor': 4, 'deeper': {'a': 1}}}"));

    @Test
    void numbersAreReadWhateverTheirKind() {
        assertThat(VALUES.number("whole")).contains(8.0);
        assertThat(VALUES.number("half")).contains(0.5);
        assertThat(VALUES.number("below")).contains(-1.0);
        assertThat(VALUES.positive("half")).contains(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zero", "below", "text", "yes", "none", "numbers", "inner", "absent"})
    void onlyNumbersAbove0ArePositive(String key) {
        assertThat(VALUES.positive(key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "yes", "none", "numbers", "inner", "absent"})
    void whatIsNoNumberCountsAsAbsent(String key) {
        assertThat(VALUES.number(key)).isEmpty();
        assertThat(VALUES.numbers("mixed")).isEmpty();
    }

    @Test
    void numbersThatAreNotFiniteCountAsAbsent() {
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            JsonValues values = new JsonValues("", Map.of("n", number, "list", List.of(1.0, number)));
            assertThat(values.number("n")).isEmpty();
            assertThat(values.numbers("list")).isEmpty();
        }
    }

    @Test
    void textsAndTruthsAreOfTheirTypeAlone() {
        assertThat(VALUES.text("text")).contains("yarn");
        assertThat(VALUES.text("whole")).isEmpty();
        assertThat(VALUES.is("yes", true)).isTrue();
        assertThat(VALUES.is("yes", false)).isFalse();
        assertThat(VALUES.is("text", true)).isFalse();
        assertThat(VALUES.is("absent", false)).isFalse();
    }

    @Test
    void listsOfNumbersAreWholeAndListsOfTextsLeaveOthersOut() {
        assertThat(VALUES.numbers("numbers")).contains(List.of(1.0, 2.5));
        assertThat(VALUES.numbers("whole")).isEmpty();
        assertThat(VALUES.texts("mixed")).containsExactly("x", "y");
        assertThat(VALUES.texts("text")).isEmpty();
    }

    @Test
    void nullIsThereAsAKeyAndNotAsAValue() {
        assertThat(VALUES.has("none")).isFalse();
        assertThat(VALUES.values()).containsKey("none");
        assertThat(VALUES.has("zero")).isTrue();
    }

    @Test
    void whatStandsInsideIsNamedWithItsPlace() {
        JsonValues inner = VALUES.object("inner");
        assertThat(inner.number("factor")).contains(4.0);
        assertThat(inner.path("factor")).isEqualTo("inner.factor");
        assertThat(inner.object("deeper").path("a")).isEqualTo("inner.deeper.a");
        assertThat(VALUES.path("whole")).isEqualTo("whole");
        assertThat(VALUES.object("text").isEmpty()).isTrue();
        assertThat(VALUES.object("absent").path("a")).isEqualTo("absent.a");
    }
}
