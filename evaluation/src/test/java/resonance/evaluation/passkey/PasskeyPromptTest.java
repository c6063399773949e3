package resonance.evaluation.passkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class PasskeyPromptTest {

    private static final Pattern WORDS = Pattern.compile("[A-Za-z]+|[0-9]+|[^A-Za-z0-9 ]");

    /** Counters of several kinds: words; characters; four characters each; and one that pays for words cut in two. */
    private static final Map<String, ToIntFunction<String>> COUNTERS = Map.of(
            "words", PasskeyPromptTest::words,
            "characters", String::length,
            "quarters", text -> (text.length() + 3) / 4,
            "pieces", PasskeyPromptTest::pieces);

    /** Prompts of a second implementation; see passkey_prompts.py beside them. */
    @ParameterizedTest
    @CsvFileSource(resources = "/golden/passkey_prompts.csv", numLinesToSkip = 1)
    void isTheSecondImplementationsPrompt(int length, double depth, int key, int filler, int tokens, String sha256)
            throws NoSuchAlgorithmException {
        PasskeyPrompt prompt = PasskeyPrompt.fitting(length, depth, key, PasskeyPromptTest::words);
        assertThat(prompt.filler()).isEqualTo(filler);
        assertThat(words(prompt.text())).isEqualTo(tokens);
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(prompt.text().getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
    }

    @Test
    void hidesTheKeyInFillerCutByCharacters() {
        PasskeyPrompt prompt = PasskeyPrompt.of(100, 0.25, 4711);
        assertThat(prompt.text()).isEqualTo("""
                There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. I will quiz you \
                about the important information there.
                The grass is green. The s
                The pass key is 4711. Remember it. 4711 is the pass key.
                The grass is green. The sky is blue. The sun is yellow. Here we go. There a
                What is the pass key? The pass key is""");
        assertThat(prompt.before()).isEqualTo(25);
        assertThat(prompt.rightContinuation()).isEqualTo(" 4711");
    }

    @Test
    void theEndsOfTheDepthAreTheEndsOfTheFiller() {
        assertThat(PasskeyPrompt.of(640, 0, 7).text().split("\n", -1)[1]).isEmpty();
        assertThat(PasskeyPrompt.of(640, 1, 7).text().split("\n", -1)[3]).isEmpty();
        assertThat(PasskeyPrompt.of(640, 1, 7).text().split("\n", -1)[1]).hasSize(640);
    }

    @Test
    void bisectionFindsWhatGrowingStepByStepFinds() {
        Random random = new Random(51);
        COUNTERS.forEach((name, counter) -> {
            for (int round = 0; round < 60; round++) {
                double depth = random.nextInt(11) / 10.0;
                int key = 1 + random.nextInt(50_000);
                int bare = counter.applyAsInt(PasskeyPrompt.of(0, depth, key).text());
                int length = bare + random.nextInt(4 * bare);
                PasskeyPrompt fitting = PasskeyPrompt.fitting(length, depth, key, counter);
                assertThat(fitting)
                        .as("%s, length %d, depth %s, key %d", name, length, depth, key)
                        .isEqualTo(grown(length, depth, key, counter));
                assertThat(counter.applyAsInt(fitting.text())).isLessThanOrEqualTo(length);
            }
        });
    }

    @Test
    void refusesWhatHasNoPrompt() {
        assertThatThrownBy(() -> PasskeyPrompt.fitting(40, 0.5, 12345, PasskeyPromptTest::words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length must be at least 59 tokens, which the passkey prompt has without filler, was 40");
        assertThatThrownBy(() -> PasskeyPrompt.of(-1, 0.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("filler must be at least 0 characters, was -1");
        assertThatThrownBy(() -> PasskeyPrompt.of(10, 1.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("depth must be from 0 to 1, was 1.5");
        assertThatThrownBy(() -> PasskeyPrompt.of(10, Double.NaN, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("depth must be from 0 to 1, was NaN");
        assertThatThrownBy(() -> PasskeyPrompt.of(10, 0.5, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must be from 1 to 50000, was 0");
        assertThatThrownBy(() -> PasskeyPrompt.of(10, 0.5, 50_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must be from 1 to 50000, was 50001");
    }

    /** The definition: grow until the length is reached, take the one before. */
    private static PasskeyPrompt grown(int length, double depth, int key, ToIntFunction<String> tokens) {
        int last = 0;
        int filler = 0;
        int count = 0;
        while (count < length) {
            last = filler;
            filler += PasskeyPrompt.STEP;
            count = tokens.applyAsInt(PasskeyPrompt.of(filler, depth, key).text());
        }
        return PasskeyPrompt.of(last, depth, key);
    }

    private static int words(String text) {
        return 1 + (int) WORDS.matcher(text).results().count();
    }

    /** Whole words of the filler cost one token, anything else a token a letter, as a word cut in two would. */
    private static int pieces(String text) {
        String known = "The grass is green sky blue sun yellow Here we go There and back again ";
        return WORDS.matcher(text)
                .results()
                .mapToInt(word ->
                        known.contains(word.group() + " ") ? 1 : word.group().length())
                .sum();
    }
}
