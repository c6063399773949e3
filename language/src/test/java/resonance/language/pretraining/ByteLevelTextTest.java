package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteLevelTextTest {
    @Test
    void wordsTogetherAreTheText() {
        String alphabet = "ab é日1½ \n\t\u00a0\u3000'.,-—s\ud83d\ude00";
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                text.appendCodePoint(alphabet.codePoints().toArray()[random.nextInt(17)]);
            }

            assertThat(String.join("", words(text.toString())))
                    .as("seed %d", seed)
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void aSpaceBelongsToTheWordAfterItAndADigitStandsAlone() {
        assertThat(words("It's  in 1850,\n\nI'll say"))
                .containsExactly("It", "'s", " ", " in", " ", "1", "8", "5", "0", ",", "\n", "\n", "I", "'ll", " say");
    }

    @Test
    void everyByteHasACharacterOfItsOwn() {
        Set<Character> characters = new HashSet<>();
        for (int value = 0; value < 256; value++) {
            characters.add(ByteLevelText.character(value));
        }

        assertThat(characters).hasSize(256).doesNotContain(' ', '\n');
        assertThat(ByteLevelText.encode(" é\n")).isEqualTo("ĠÃ©Ċ");
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        ByteLevelText.forEachWord(text, words::add);
        return words;
    }
}
