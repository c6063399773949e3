package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.task.TaskDataException;

class RulerFolderTest {
    private final Path folder;

    RulerFolderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void readsWordsAndProseFromOneFolder() throws IOException {
        for (String name : List.of("adjectivelist.txt", "nounlist.txt", "verblist.txt")) {
            write(name, ReferenceWords.read(name));
        }
        RulerWords reference = ReferenceWords.words();
        RulerFolder wordsAlone = RulerFolder.read(folder);
        assertThat(wordsAlone.words())
                .contains(new RulerWords(reference.adjectives(), reference.nouns(), reference.verbs(), List.of()));
        assertThat(wordsAlone.prose()).isEmpty();
        write("english_words.json", "{\"0\": \"one\", \"1\": \"two\"}");
        write("second.txt", "And there was evening.");
        write("first.txt", "It was a morning.\n");
        write("other.md", "Not this.");
        RulerFolder both = RulerFolder.read(folder);
        assertThat(both.words().orElseThrow().supply()).containsExactly("one", "two");
        assertThat(both.prose()).contains("It was a morning.\n\nAnd there was evening.\n");
    }

    @Test
    void theEssaysOfRulersScriptAreTheProseWhereTheyAre() throws IOException {
        write("first.txt", "It was a morning.");
        write("PaulGrahamEssays.json", "{\"text\": \"An essay.\"}");
        assertThat(RulerFolder.read(folder)).isEqualTo(new RulerFolder(Optional.empty(), Optional.of("An essay.")));
    }

    @Test
    void saysWhatAFolderLacks() throws IOException {
        assertRefused(folder
                + " must hold prose as .txt files, or the words adjectivelist.txt, nounlist.txt and verblist.txt,"
                + " holds neither");
        Path nouns = write("nounlist.txt", "");
        assertRefused(
                folder.resolve("adjectivelist.txt") + " must stand beside the other lists of words, was not found");
        write("adjectivelist.txt", "calm\n");
        assertRefused(nouns + " must hold a word a line, is empty");
        Files.write(nouns, new byte[] {(byte) 0xff, '\n'});
        assertRefused(nouns + " must be UTF-8, is not; get it anew, or convert it with iconv");
        write("nounlist.txt", "lake\n");
        write("verblist.txt", "go\n");
        Path supply = write("english_words.json", "[\"one\"]");
        assertRefused(supply + " must be a JSON object, is none");
        write("english_words.json", "{\n\"0\": \"one\",\n\"1\" two}");
        assertRefused(supply + ", line 3 must be JSON, is not; get the file anew");
        write("english_words.json", "{}");
        Path essays = write("PaulGrahamEssays.json", "{\"texts\": 1}");
        assertRefused(essays + " must hold a text, named \"text\", holds none");
        assertThatThrownBy(() -> RulerFolder.read(essays))
                .isInstanceOf(TaskDataException.class)
                .hasMessage(essays + " must be a folder with words or prose, is none");
        assertThatThrownBy(() -> RulerFolder.read(folder.resolve("nowhere")))
                .isInstanceOf(TaskDataException.class)
                .hasMessage(folder.resolve("nowhere") + " must be a folder with words or prose, was not found");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> RulerFolder.read(folder))
                .isInstanceOf(TaskDataException.class)
                .hasMessage(message);
    }
}
