package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void readsTheFilesOfAFolder(@TempDir Path folder) throws IOException {
        for (String name : List.of("adjectivelist.txt", "nounlist.txt", "verblist.txt")) {
            Files.writeString(folder.resolve(name), ReferenceWords.read(name));
        }
        RulerWords reference = ReferenceWords.words();
        assertThat(RulerWords.ofFolder(folder))
                .isEqualTo(new RulerWords(reference.adjectives(), reference.nouns(), reference.verbs(), List.of()));
        Files.writeString(folder.resolve("english_words.json"), "{\"0\": \"one\", \"1\": \"two\"}");
        assertThat(RulerWords.ofFolder(folder).supply()).containsExactly("one", "two");
    }

    @Test
    void saysWhichFileIsNotAsItMustBe(@TempDir Path folder) throws IOException {
        assertRefused(
                folder,
                folder.resolve("adjectivelist.txt")
                        + " is missing; a folder of words holds adjectivelist.txt, nounlist.txt and verblist.txt");
        Files.writeString(folder.resolve("adjectivelist.txt"), "calm\n");
        Files.write(folder.resolve("nounlist.txt"), new byte[] {(byte) 0xff, '\n'});
        assertRefused(folder, folder.resolve("nounlist.txt") + " must be UTF-8, is not");
        Files.writeString(folder.resolve("nounlist.txt"), "");
        Files.writeString(folder.resolve("verblist.txt"), "");
        assertRefused(folder, "words must hold an adjective and a noun, held 1 adjectives and 0 nouns");
        Files.writeString(folder.resolve("nounlist.txt"), "lake\n");
        Path supply = Files.writeString(folder.resolve("english_words.json"), "[\"one\"]");
        assertRefused(folder, supply + " must be a JSON object whose values are words, was an array");
        Files.writeString(supply, "{\n\"0\": \"one\",\n\"1\" two}");
        assertRefused(folder, supply + " must be JSON, is not in line 3");
    }

    private static void assertRefused(Path folder, String message) {
        assertThatThrownBy(() -> RulerWords.ofFolder(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
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
