package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.model.Tokenizer;
import resonance.model.tokenizer.HuggingFaceTokenizer;

class TextEncoderTest {
    @Test
    void piecesGiveTheIdsOfTheWholeText() {
        for (int seed = 0; seed < 2; seed++) {
            String text = text(seed);
            Tokenizer tokenizer = tokenizer(text);
            int[] whole = tokenizer.encode(text);

            int[] pieces = TextEncoder.encode(tokenizer, text);

            assertThat(pieces[0]).isZero();
            assertThat(Arrays.copyOfRange(pieces, 1, pieces.length))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
        }
    }

    @Test
    void aTextWithoutLineFeedsIsOnePiece() {
        String text = "word ".repeat(30_000);

        assertThat(TextEncoder.encode(tokenizer(text), text)).hasSize(30_002);
    }

    private static Tokenizer tokenizer(String text) {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add(text);
        return HuggingFaceTokenizer.of(trainer.train(300).toTokenizerJson(), "test");
    }

    /** A few times as long as a piece, with white space of every kind where a piece might end. */
    private static String text(int seed) {
        Random random = new Random(seed);
        String[] parts = {
            "the", "one.", "é", "7", " ", "  ", "\n", "\n\n", "\t\n", "\u00a0\n", "\u0085\n", "\r\n", "!\n \n"
        };
        StringBuilder text = new StringBuilder();
        while (text.length() < 200_000) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }
}
