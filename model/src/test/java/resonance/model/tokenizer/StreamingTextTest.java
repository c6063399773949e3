package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.model.Tokenizer;

class StreamingTextTest {
    private static List<Tokenizer> tokenizers() {
        return List.of(
                GgufTokenizers.rebuild(TinyVocabularies.byteLevel("gpt-2")),
                GgufTokenizers.rebuild(TinyVocabularies.sentencePiece(true)),
                GgufTokenizers.rebuild(TinyVocabularies.sentencePiece(false)));
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        StreamingText text = new StreamingText(tokenizer);
        StringBuilder pieces = new StringBuilder();
        for (int id : ids) {
            pieces.append(text.add(id));
        }
        return pieces.append(text.end()).toString();
    }

    @Test
    void piecesOfTextsAreTheText() {
        for (Tokenizer tokenizer : tokenizers()) {
            for (String text : TinyVocabularies.texts()) {
                int[] ids = tokenizer.encode(text);
                assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decode(ids));
            }
        }
    }

    @Test
    void piecesOfAnyTokensAreTheirDecodedText() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (Tokenizer tokenizer : tokenizers()) {
            for (int round = 0; round < 60; round++) {
                int range = random.nextBoolean() ? 270 : tokenizer.vocabularySize() + 2;
                int[] ids = random.ints(random.nextInt(300), 0, range).toArray();
                assertThat(streamed(tokenizer, ids))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(tokenizer.decode(ids));
            }
        }
    }

    @Test
    void charactersWaitForAllTheirBytes() {
        Tokenizer tokenizer = GgufTokenizers.rebuild(TinyVocabularies.byteLevel("gpt-2"));
        int[] ids = tokenizer.encode("a😀b");
        StreamingText text = new StreamingText(tokenizer);
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(text.add(id));
        }
        assertThat(pieces).containsExactly("a", "", "", "", "😀", "b");
        text.add(ids[1]);
        assertThat(text.end()).isEqualTo("\ufffd");
    }

    @Test
    void textGoesOnFromTheTokensBeforeIt() {
        for (Tokenizer tokenizer : tokenizers()) {
            int[] ids = tokenizer.encode("The tide rises, the tide falls; 海の上の船。");
            for (int split = 1; split < ids.length - 12; split++) {
                StreamingText text = new StreamingText(tokenizer, Arrays.copyOf(ids, split));
                StringBuilder pieces = new StringBuilder();
                for (int i = split; i < ids.length; i++) {
                    pieces.append(text.add(ids[i]));
                }
                String before = tokenizer.decode(Arrays.copyOf(ids, split));
                assertThat(before + pieces + text.end()).isEqualTo(tokenizer.decode(ids));
            }
        }
    }

    @Test
    void tokenizersOfOthersStreamToo() {
        Tokenizer inner = GgufTokenizers.rebuild(TinyVocabularies.byteLevel("gpt-2"));
        Tokenizer other = new Tokenizer() {
            @Override
            public int vocabularySize() {
                return inner.vocabularySize();
            }

            @Override
            public int[] encode(String text) {
                return inner.encode(text);
            }

            @Override
            public String decode(int[] ids) {
                return inner.decode(ids);
            }

            @Override
            public java.util.OptionalInt beginningOfSequence() {
                return inner.beginningOfSequence();
            }

            @Override
            public java.util.Set<Integer> endOfSequence() {
                return inner.endOfSequence();
            }
        };
        for (String text : TinyVocabularies.texts()) {
            assertThat(streamed(other, other.encode(text))).isEqualTo(text);
        }
    }
}
