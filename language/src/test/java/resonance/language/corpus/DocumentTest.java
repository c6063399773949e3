package resonance.language.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.study.Sha256;

class DocumentTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aTextFileIsOneDocument() throws IOException {
        Path file = Files.writeString(folder.resolve("book.txt"), "One.\n\nTwo.\n");
        Document.OfFile read = Document.read(file, "text");
        assertThat(read.documents()).containsExactly(new Document.Text(file.toString(), "One.\n\nTwo.\n"));
        assertThat(read.source())
                .isEqualTo(
                        new SourceText("book.txt", 11, Sha256.of("One.\n\nTwo.\n".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void everyRowOfAJsonlFileIsADocumentNamedByItsLine() throws IOException {
        Path file = Files.writeString(
                folder.resolve("rows.jsonl"), "{\"id\": 1, \"body\": \"One.\"}\n\n{\"body\": \"caf\\u00e9\\n\"}\r\n");
        assertThat(Document.read(file, "body").documents())
                .containsExactly(new Document.Text(file + ":1", "One."), new Document.Text(file + ":3", "café\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\": 1|:2: row must be a JSON object, was {\"text\": 1; correct or remove the line",
                "[1, 2]|:2: row must be a JSON object, was [1, 2]; correct or remove the line",
                "{\"text\": \"a\"} x|:2: row must be a JSON object, was {\"text\": \"a\"} x; correct or remove the"
                        + " line",
                "{\"id\": 1, \"body\": \"a\"}|:2: field 'text' must hold text, was missing among id, body; name the"
                        + " field that holds it",
                "{\"text\": 17}|:2: field 'text' must hold text, was 17; name the field that holds it",
                "{\"text\": \" \"}|:2: field 'text' must hold text, was empty; leave the row out",
            })
    void aRowThatHoldsNoTextIsRefusedByFileAndLine(String row, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"good\"}\n" + row + "\n");
        assertThatThrownBy(() -> Document.read(file, "text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + message);
    }

    @Test
    void filesWithoutTextAreRefusedByName() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.txt"));
        assertThatThrownBy(() -> Document.read(empty, "text"))
                .hasMessage(empty + ": text must not be empty, was of 0 bytes; leave it out");
        Path blank = Files.writeString(folder.resolve("blank.jsonl"), "\n\n");
        assertThatThrownBy(() -> Document.read(blank, "text"))
                .hasMessage(blank + ": rows must be at least one, were none; leave the file out");
        Path latin = Files.write(folder.resolve("latin.txt"), "one\ntwo\ncafé".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Document.read(latin, "text"))
                .hasMessage(latin + ":3: text must be UTF-8, had the byte 0xE9 where no character has one; convert it"
                        + " first, for example with iconv");
        Path parquet = Files.writeString(folder.resolve("rows.parquet"), "PAR1");
        assertThatThrownBy(() -> Document.read(parquet, "text"))
                .hasMessage("texts " + parquet
                        + " must have the module parquet on the class path, it is not there; start by"
                        + " ./resonance, which adds it");
    }
}
