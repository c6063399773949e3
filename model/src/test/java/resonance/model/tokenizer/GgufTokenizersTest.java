package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.model.ModelFormatException;
import resonance.model.Tokenizer;

class GgufTokenizersTest {
    static List<String> names() {
        return TinyVocabularies.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void byteLevelIdsAreThoseOfTheLibraryInPython(String name) {
        Tokenizer tokenizer = GgufTokenizers.rebuild(TinyVocabularies.byteLevel(name));
        List<String> texts = TinyVocabularies.texts();
        for (int i = 0; i < texts.size(); i++) {
            assertThat(tokenizer.encode(texts.get(i)))
                    .as(texts.get(i))
                    .containsExactly(TinyVocabularies.byteLevelIds(name, i));
            assertThat(tokenizer.decode(tokenizer.encode(texts.get(i)))).isEqualTo(texts.get(i));
        }
        for (int i = 0; i < TinyVocabularies.specialTexts().size(); i++) {
            assertThat(tokenizer.encode(TinyVocabularies.specialTexts().get(i)))
                    .containsExactly(TinyVocabularies.byteLevelIds(name, texts.size() + i));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sentencePieceIdsAreThoseOfSentencePiece(boolean spaceBefore) {
        Tokenizer tokenizer = GgufTokenizers.rebuild(TinyVocabularies.sentencePiece(spaceBefore));
        JsonNode golden = TinyVocabularies.sentencePieceGolden(spaceBefore);
        int row = 0;
        for (String text : TinyVocabularies.texts()) {
            if (!text.contains("<unk>")) {
                assertThat(tokenizer.encode(text))
                        .as(text)
                        .containsExactly(
                                TinyVocabularies.ints(golden.path("ids").path(row)));
                assertThat(tokenizer.decode(tokenizer.encode(text)))
                        .isEqualTo(golden.path("decoded").path(row).textValue());
                row++;
            }
        }
        assertThat(row).isEqualTo(golden.path("ids").size()).isGreaterThan(20);
    }

    @Test
    void controlTokensSpelledOutBecomeTheirIdsAndASpaceFollows() {
        Tokenizer tokenizer = GgufTokenizers.rebuild(TinyVocabularies.sentencePiece(true));
        int[] word = tokenizer.encode("the");
        assertThat(tokenizer.encode("<s>the</s>the")).containsExactly(concat(new int[] {1}, word, new int[] {2}, word));
        assertThat(tokenizer.decode(tokenizer.encode("<s>the<sep></s>"))).isEqualTo("the<sep>");
    }

    @Test
    void beginningAndEndsComeFromTheKeys() {
        Tokenizer pieces = GgufTokenizers.rebuild(TinyVocabularies.sentencePiece(true));
        assertThat(pieces.beginningOfSequence()).isEqualTo(OptionalInt.of(1));
        assertThat(pieces.endOfSequence()).containsExactly(2);
        Tokenizer bytes = GgufTokenizers.rebuild(TinyVocabularies.byteLevel("smollm"));
        assertThat(bytes.beginningOfSequence()).isEmpty();
        assertThat(bytes.endOfSequence()).containsExactly(481);
    }

    @Test
    void whetherATextHasABeginningByDefaultIsAsInLlamaCpp() {
        assertThat(GgufVocabulary.addsBeginningByDefault("llama", "default")).isTrue();
        assertThat(GgufVocabulary.addsBeginningByDefault("gpt2", "llama-bpe")).isTrue();
        assertThat(GgufVocabulary.addsBeginningByDefault("gpt2", "tekken")).isTrue();
        assertThat(GgufVocabulary.addsBeginningByDefault("gpt2", "smollm")).isFalse();
        assertThat(GgufVocabulary.addsBeginningByDefault("gpt2", "qwen2")).isFalse();
    }

    @Test
    void tokensWithoutTextHaveTheNameThatLlamaCppGivesThem() {
        GgufVocabulary tiny = TinyVocabularies.byteLevel("gpt-2");
        tiny.tokens()[479] = "";
        String[] merges = Arrays.stream(tiny.merges()).limit(100).toArray(String[]::new);
        Tokenizer tokenizer = GgufTokenizers.rebuild(with(tiny, "gpt2", "gpt-2", tiny.scores(), tiny.types(), merges));
        assertThat(tokenizer.decode(new int[] {479})).isEqualTo("[EMPTY_479]");
    }

    static Stream<Arguments> refusals() {
        GgufVocabulary bytes = TinyVocabularies.byteLevel("gpt-2");
        GgufVocabulary pieces = TinyVocabularies.sentencePiece(true);
        float[] scores = pieces.scores().clone();
        scores[300] = Float.NaN;
        String[] merges = bytes.merges().clone();
        merges[5] = "nospace";
        String[] strange = bytes.merges().clone();
        strange[5] = "zz q";
        int[] types = bytes.types().clone();
        types[3] = 9;
        return Stream.of(
                Arguments.of(
                        with(bytes, "bert", "", bytes.scores(), bytes.types(), bytes.merges()),
                        "model must be known, was 'bert'; known: gpt2 (byte-level BPE), llama (SentencePiece)"),
                Arguments.of(
                        with(bytes, "gpt2", "qwen9", bytes.scores(), bytes.types(), bytes.merges()),
                        "pre must be known, was 'qwen9'; known: " + SplitPatterns.names()),
                Arguments.of(
                        with(bytes, "gpt2", "gpt-2", bytes.scores(), bytes.types(), new String[0]),
                        "merges must be there for a gpt2 vocabulary, were not"),
                Arguments.of(
                        with(bytes, "gpt2", "gpt-2", bytes.scores(), bytes.types(), merges),
                        "merges[5] must be two tokens with a space between, was 'nospace'"),
                Arguments.of(
                        with(bytes, "gpt2", "gpt-2", bytes.scores(), bytes.types(), strange),
                        "tokens: merge 5 must be of two tokens, was 'zz' and 'q'"),
                Arguments.of(
                        with(bytes, "gpt2", "gpt-2", new float[3], bytes.types(), bytes.merges()),
                        "scores must be one for each of 483 tokens, were 3"),
                Arguments.of(
                        with(bytes, "gpt2", "gpt-2", bytes.scores(), new int[] {1}, bytes.merges()),
                        "token_type must be one for each of 483 tokens, were 1"),
                Arguments.of(
                        with(bytes, "gpt2", "gpt-2", bytes.scores(), types, bytes.merges()),
                        "token_type[3] must be from 0 to 6, was 9"),
                Arguments.of(
                        with(pieces, "llama", "", new float[0], pieces.types(), pieces.merges()),
                        "scores must be there for a llama vocabulary, were not"),
                Arguments.of(
                        with(pieces, "llama", "", scores, pieces.types(), pieces.merges()),
                        "scores[300] must be a number, was NaN"),
                Arguments.of(withBeginning(pieces, OptionalInt.of(520)), "bos_token_id must be from 0 to 519, was 520"),
                Arguments.of(withBeginning(pieces, OptionalInt.of(-1)), "bos_token_id must be from 0 to 519, was -1"),
                Arguments.of(
                        withBeginning(bytes, OptionalInt.empty()),
                        "bos_token_id must be there, as add_bos_token is true or the rule, was not"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void damageIsNamed(GgufVocabulary vocabulary, String message) {
        assertThatThrownBy(() -> GgufTokenizers.rebuild(vocabulary))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("tiny.gguf: tokenizer.ggml." + message);
    }

    @Test
    void tokensThatAreAlikeAreRefused() {
        GgufVocabulary tiny = TinyVocabularies.byteLevel("gpt-2");
        tiny.tokens()[300] = "a";
        assertThatThrownBy(() -> GgufTokenizers.rebuild(tiny))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("tiny.gguf: tokenizer.ggml.tokens: token 300 must differ from others, was 'a' like 64");
    }

    @Test
    void tokensThatTakeTooLongToTakeApartAreRefused() {
        GgufVocabulary tiny = TinyVocabularies.sentencePiece(true);
        for (int id = 300; id < 400; id++) {
            tiny.tokens()[id] = "x".repeat(3500 + id);
        }
        assertThatThrownBy(() -> GgufTokenizers.rebuild(tiny))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("tiny.gguf: tokenizer.ggml.tokens must be short enough to be taken apart (squares of their "
                        + "lengths at most 1073741824 in all), were longer");
    }

    @Test
    void damagedVocabulariesEitherRunOrAreRefusedWithTheFile() {
        long seed = 20261122;
        Random random = new Random(seed);
        String[] odd = {"", " ", "a", "\u2581", "\ud800", "a b", "<0x41>", "\u0120\u0120", "x".repeat(5000), "\u0000"};
        int run = 0;
        for (int round = 0; round < 400; round++) {
            GgufVocabulary vocabulary = random.nextBoolean()
                    ? TinyVocabularies.byteLevel(names().get(random.nextInt(names().size())))
                    : TinyVocabularies.sentencePiece(random.nextBoolean());
            for (int change = 0; change < 2; change++) {
                int id = random.nextInt(vocabulary.tokens().length);
                switch (random.nextInt(4)) {
                    case 0 -> vocabulary.tokens()[id] = odd[random.nextInt(odd.length)];
                    case 1 -> vocabulary.types()[id] = random.nextInt(8);
                    case 2 -> {
                        if (vocabulary.merges().length > 0) {
                            vocabulary.merges()[random.nextInt(vocabulary.merges().length)] =
                                    odd[random.nextInt(odd.length)] + " " + odd[random.nextInt(odd.length)];
                        }
                    }
                    default -> {
                        if (vocabulary.scores().length > 0) {
                            vocabulary.scores()[id] = Float.intBitsToFloat(random.nextInt());
                        }
                    }
                }
            }
            try {
                Tokenizer tokenizer = GgufTokenizers.rebuild(vocabulary);
                tokenizer.decode(tokenizer.encode(TinyVocabularies.texts().get(random.nextInt(25))));
                run++;
            } catch (ModelFormatException e) {
                assertThat(e).as("seed %d, round %d", seed, round).hasMessageStartingWith("tiny.gguf: ");
            }
        }
        assertThat(run).isBetween(50, 390);
    }

    private static GgufVocabulary with(
            GgufVocabulary from, String model, String pre, float[] scores, int[] types, String[] merges) {
        return new GgufVocabulary(
                model,
                pre,
                from.tokens(),
                scores,
                types,
                merges,
                from.beginning(),
                from.end(),
                from.endOfTurn(),
                from.unknown(),
                from.addBeginning(),
                from.addSpacePrefix(),
                from.where());
    }

    private static GgufVocabulary withBeginning(GgufVocabulary from, OptionalInt beginning) {
        return new GgufVocabulary(
                from.model(),
                from.pre(),
                from.tokens(),
                from.scores(),
                from.types(),
                from.merges(),
                beginning,
                from.end(),
                from.endOfTurn(),
                from.unknown(),
                true,
                from.addSpacePrefix(),
                from.where());
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
