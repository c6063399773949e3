package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.model.Tokenizer;

/** What holds of any text: seeded random Unicode through every tokenizer that there is. */
class TokenizerLawsTest {
    private static final long SEED = 31;
    private static final int TEXTS = 60;

    static Stream<String> names() {
        return TinyVocabularies.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void byteLevelTextComesBackCharacterForCharacter(String name) {
        Tokenizer folder =
                HuggingFaceTokenizer.of(TinyVocabularies.tokenizerJson(name).toString(), "tiny.json");
        for (String text : texts()) {
            assertThat(folder.decode(folder.encode(text)))
                    .as("seed %d, %s", SEED, name)
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void bothKindsOfFilesGiveTheSameIds(String name) {
        Tokenizer folder =
                HuggingFaceTokenizer.of(TinyVocabularies.tokenizerJson(name).toString(), "tiny.json");
        Tokenizer gguf = GgufTokenizers.rebuild(TinyVocabularies.byteLevel(name));
        assertThat(gguf.vocabularySize()).isEqualTo(folder.vocabularySize());
        for (String text : texts()) {
            assertThat(gguf.encode(text)).as("seed %d, %s", SEED, name).isEqualTo(folder.encode(text));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyIdIsOfTheVocabulary(String name) {
        Tokenizer tokenizer = GgufTokenizers.rebuild(TinyVocabularies.byteLevel(name));
        for (String text : texts()) {
            for (int id : tokenizer.encode(text)) {
                assertThat(id).isBetween(0, tokenizer.vocabularySize() - 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aTextStreamedTokenByTokenIsTheTextDecodedAtOnce(String name) {
        Tokenizer tokenizer = GgufTokenizers.rebuild(TinyVocabularies.byteLevel(name));
        for (String text : texts()) {
            int[] ids = tokenizer.encode(text);
            StreamingText streaming = new StreamingText(tokenizer);
            StringBuilder streamed = new StringBuilder();
            for (int id : ids) {
                streamed.append(streaming.add(id));
            }
            streamed.append(streaming.end());
            assertThat(streamed.toString()).as("seed %d, %s", SEED, name).isEqualTo(tokenizer.decode(ids));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sentencePieceTextComesBackWithItsSpaces(boolean spaceBefore) {
        Tokenizer tokenizer = GgufTokenizers.rebuild(TinyVocabularies.sentencePiece(spaceBefore));
        for (String text : texts()) {
            // U+2581 stands for a space in these vocabularies, so a text's own is read as one.
            String plain = text.replace('\u2581', '_');
            assertThat(tokenizer.decode(tokenizer.encode(plain)))
                    .as("seed %d", SEED)
                    .isEqualTo(plain);
        }
    }

    /** Words, digits, spaces and line ends among characters of every plane but halves of pairs. */
    private static List<String> texts() {
        Random random = new Random(SEED);
        List<String> parts =
                List.of("the", " ", "  ", "\n", "\r\n", "\t", "12", "'ll", "Ab", "é", "ß", ".", "?!", "\u00a0");
        List<String> texts = new ArrayList<>(List.of(""));
        for (int text = 0; text < TEXTS; text++) {
            StringBuilder built = new StringBuilder("x");
            int length = random.nextInt(40);
            for (int i = 0; i < length; i++) {
                if (random.nextInt(3) > 0) {
                    built.append(parts.get(random.nextInt(parts.size())));
                } else {
                    int point = random.nextInt(random.nextBoolean() ? 0x3000 : 0x110000);
                    built.appendCodePoint(point == 0 || point >> 11 == 0x1b ? 'z' : point);
                }
            }
            texts.add(built.toString());
        }
        return texts;
    }
}
