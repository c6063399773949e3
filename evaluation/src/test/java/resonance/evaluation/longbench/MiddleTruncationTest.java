package resonance.evaluation.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.task.TextTokens;

class MiddleTruncationTest {

    /** One token a character, with a space before every text that is decoded, and tokens before a text. */
    private record Characters(int beginning) implements TextTokens {
        @Override
        public int[] encode(String text) {
            return text.chars().toArray();
        }

        @Override
        public String decode(int[] ids) {
            return "_" + new String(ids, 0, ids.length);
        }
    }

    /** As Python slices: the beginning-of-sequence token is the first of the ids; [:half], [-half:]; [:max//2], [-max//2:]. */
    @ParameterizedTest
    @CsvSource({
        "10, 0, abcdefghij,  abcdefghij",
        "9,  0, _abcd_ghij,  _abcdfghij",
        "8,  0, _abcd_ghij,  _abcdghij",
        "3,  0, _a_j,        _aij",
        "2,  0, _a_j,        _aj",
        "11, 1, abcdefghij,  abcdefghij",
        "10, 1, _abcd_fghij, _abcdfghij",
        "9,  1, _abc_ghij,   _abcfghij",
        "2,  1, __j,         _j",
    })
    void theFirstAndTheLastTokensStay(int budget, int beginning, String version1, String version2) {
        assertThat(MiddleTruncation.ofVersion1("abcdefghij", budget, new Characters(beginning)))
                .isEqualTo(version1);
        assertThat(MiddleTruncation.ofVersion2("abcdefghij", budget, new Characters(beginning)))
                .isEqualTo(version2);
    }

    @Test
    void aShortPromptStaysAsItIs() {
        assertThat(MiddleTruncation.ofVersion1("", 2, new Characters(1))).isEmpty();
        assertThat(MiddleTruncation.ofVersion2("", 2, new Characters(1))).isEmpty();
    }
}
