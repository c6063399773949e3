package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import resonance.model.tokenizer.HuggingFaceTokenizer;

/** The golden file holds what the Hugging Face tokenizers library trains and encodes; {@code byte_pair.py} wrote it. */
class BytePairTrainerTest {
    private static final JsonNode GOLDEN = golden();

    @Test
    void learnsTheSameVocabularyAsTheHuggingFaceTrainer() {
        BytePairVocabulary vocabulary = trained(
                GOLDEN.get("text").asText(), GOLDEN.get("vocabularySize").asInt());

        assertThat(vocabulary.tokens()).isEqualTo(strings("tokens"));
        assertThat(vocabulary.merges())
                .extracting(merge -> merge.left() + " " + merge.right())
                .isEqualTo(strings("merges"));
    }

    @Test
    void cutsWordsAsTheHuggingFaceLibraryDoes() {
        List<String> words = new ArrayList<>();

        ByteLevelText.forEachWord(GOLDEN.get("text").asText(), word -> words.add(ByteLevelText.encode(word)));

        assertThat(words).isEqualTo(strings("words"));
    }

    @Test
    void itsTokenizerFileGivesTheIdsOfTheHuggingFaceLibrary() {
        String text = GOLDEN.get("text").asText();
        String json = trained(text, GOLDEN.get("vocabularySize").asInt()).toTokenizerJson();

        int[] ids = HuggingFaceTokenizer.of(json, "test").encode(text);

        assertThat(IntStream.of(ids).boxed().toList())
                .isEqualTo(new ObjectMapper().convertValue(GOLDEN.get("ids"), new TypeReference<List<Integer>>() {}));
    }

    @Test
    void everyByteHasATokenAndNoTokenIsThereTwice() {
        BytePairVocabulary vocabulary = trained("the theme of the thing", 262);

        assertThat(vocabulary.tokens().subList(0, 4)).containsExactly("<|endoftext|>", "!", "\"", "#");
        assertThat(vocabulary.tokens()).hasSize(262);
        assertThat(new HashSet<>(vocabulary.tokens())).hasSize(262);
        for (int value = 0; value < 256; value++) {
            assertThat(vocabulary.tokens()).contains(String.valueOf(ByteLevelText.character(value)));
        }
    }

    @Test
    void stopsWhereNoPairIsLeft() {
        BytePairVocabulary vocabulary = trained("ab ab", 1000);

        assertThat(vocabulary.merges())
                .containsExactly(new BytePairVocabulary.Merge("a", "b"), new BytePairVocabulary.Merge("Ġ", "ab"));
        assertThat(vocabulary.tokens()).hasSize(259);
    }

    @Test
    void aSeparatorInTheTextIsNoWord() {
        BytePairTrainer apart = new BytePairTrainer();
        apart.add("one two");
        apart.add("one two");

        assertThat(trained("one two<|endoftext|>one two", 262)).isEqualTo(apart.train(262));
    }

    @Test
    void refusesAVocabularyWithoutRoomForTheBytes() {
        assertThatThrownBy(() -> new BytePairTrainer().train(256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vocabularySize must be at least 257, was 256");
    }

    private static BytePairVocabulary trained(String text, int size) {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add(text);
        return trainer.train(size);
    }

    private static List<String> strings(String field) {
        List<String> values = new ArrayList<>();
        GOLDEN.get(field).forEach(value -> values.add(value.asText()));
        return values;
    }

    private static JsonNode golden() {
        try (InputStream in = BytePairTrainerTest.class.getResourceAsStream("/golden/byte-pair.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("byte-pair.json must be readable", e);
        }
    }
}
