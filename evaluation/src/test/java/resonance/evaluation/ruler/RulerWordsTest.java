package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RulerWordsTest {

    @Test
    void keysAreEveryPairInOrderNoneTwice() {
        RulerWords words = ReferenceWords.words();
        TreeSet<String> written = new TreeSet<>();
        words.adjectives().forEach(adjective -> words.nouns().forEach(noun -> written.add(adjective + "-" + noun)));
        assertThat(words.keys())
                .containsExactlyElementsOf(written)
                .hasSizeLessThan(words.adjectives().size() * words.nouns().size());
    }

    @Test
    void theOwnWordsAreAllDifferentAndReachFarEnough() {
        RulerWords own = RulerWords.own();
        assertThat(own.adjectives()).doesNotHaveDuplicates().allMatch(word -> word.matches("[a-z]+"));
        assertThat(own.nouns()).doesNotHaveDuplicates().allMatch(word -> word.matches("[a-z]+"));
        assertThat(own.verbs()).doesNotHaveDuplicates().allMatch(word -> word.matches("[a-z]+"));
        assertThat(own.keys()).hasSizeGreaterThan(70_000);
        assertThat(own.known()).hasSizeGreaterThan(800);
        assertThat(own.supply()).doesNotHaveDuplicates().hasSize(102_400).contains("babab", "zuzuz");
    }

    @Test
    void sentencesEndWhereAStopIsNoTitles() {
        List<String> words = Sentences.words("Mr. Hale came.\n\"Late!\" he said. Why?  (No one knew.) It rained");
        String text = Sentences.first(words.size(), words);
        assertThat(Sentences.of(text))
                .containsExactly("Mr. Hale came.", "\"Late!\"", "he said.", "Why?", "(No one knew.)", "It rained");
        assertThat(Sentences.first(15, words)).isEqualTo(text + " Mr. Hale came.");
        assertThat(new ArrayList<>(words)).hasSize(12);
    }
}
