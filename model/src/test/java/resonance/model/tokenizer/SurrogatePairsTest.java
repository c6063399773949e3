package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SurrogatePairsTest {
    private static final long SEED = 21;

    @Test
    void onlyHalvesThatAreAloneAreReplaced() {
        assertThat(SurrogatePairs.replaceLone("a\ud83d\ude00b")).isEqualTo("a\ud83d\ude00b");
        assertThat(SurrogatePairs.replaceLone("\ud83d")).isEqualTo("\ufffd");
        assertThat(SurrogatePairs.replaceLone("\ude00\ud83d")).isEqualTo("\ufffd\ufffd");
        assertThat(SurrogatePairs.replaceLone("\ud83d\ud83d\ude00\ude00")).isEqualTo("\ufffd\ud83d\ude00\ufffd");
        assertThat(SurrogatePairs.replaceLone("")).isEmpty();
    }

    @Test
    void aTextWithoutLoneHalvesIsTheSameObject() {
        String text = "plain \ud83d\ude00";
        assertThat(SurrogatePairs.replaceLone(text)).isSameAs(text);
    }

    /** Java's own encoder puts a question mark for each half that is alone. */
    @Test
    void agreesWithTheEncoderOnRandomText() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 2000; trial++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                text.append((char) (random.nextBoolean() ? 0xd7f0 + random.nextInt(0x820) : random.nextInt(0x3000)));
            }
            String mixed = text.toString().replace('?', '!').replace('\ufffd', '!');
            String whole = SurrogatePairs.replaceLone(mixed);
            assertThat(SurrogatePairs.hasLone(whole))
                    .as("seed %d, %d", SEED, trial)
                    .isFalse();
            assertThat(whole.replace('\ufffd', '?'))
                    .as("seed %d, %d", SEED, trial)
                    .isEqualTo(new String(mixed.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
            assertThat(SurrogatePairs.hasLone(mixed)).isEqualTo(!whole.equals(mixed));
        }
    }
}
