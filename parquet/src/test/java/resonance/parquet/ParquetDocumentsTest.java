package resonance.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.language.corpus.Document;

/** Files that pyarrow wrote; {@code documents.py} beside them makes them. */
class ParquetDocumentsTest {
    private static final Path FILES = Path.of("src/test/resources/documents");

    private static List<Document> read(String name, String field) throws IOException {
        return Document.read(FILES.resolve(name), field).documents();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "lz4", "long-ids", "old-lists"})
    void everyRowIsADocumentOfTextOrOfTokens(String name) throws IOException {
        Path file = FILES.resolve(name + ".parquet");
        assertThat(read(name + ".parquet", "text"))
                .containsExactly(
                        new Document.Text(file + " row 1", "One.\n\nTwo.\n"),
                        new Document.Text(file + " row 2", "café"),
                        new Document.Text(file + " row 3", "Three.\n".repeat(40)));
        List<Document> tokens = read(name + ".parquet", "input_ids");
        assertThat(tokens)
                .extracting(Document::place)
                .containsExactly(file + " row 1", file + " row 2", file + " row 3");
        assertThat(tokens)
                .extracting(document -> Arrays.toString(((Document.Tokens) document).ids()))
                .containsExactly(
                        "[1, 2, 3]", Arrays.toString(IntStream.range(100, 400).toArray()), "[49151, 0]");
    }

    @Test
    void theFileIsNamedWithItsSizeAndHash() throws IOException {
        Document.OfFile read = Document.read(FILES.resolve("snappy.parquet"), "text");
        assertThat(read.source().name()).isEqualTo("snappy.parquet");
        assertThat(read.source().bytes()).isEqualTo(Files.size(FILES.resolve("snappy.parquet")));
        assertThat(read.source().sha256()).matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            snappy.parquet    | body       | was missing among text, input_ids, attention_mask, score; name the column that is
            snappy.parquet    | score      | must be a column of text or of lists of token ids, was of DOUBLE; name
            empty-row.parquet | text       | row 2: field 'text' must hold text or token ids, was empty; leave the row out
            empty-row.parquet | input_ids  | row 2: field 'input_ids' must hold text or token ids, was empty; leave the row out
            null.parquet      | text       | row 2: field 'text' must hold text or token ids, was empty; leave the row out
            null.parquet      | input_ids  | row 2: field 'input_ids' must hold text or token ids, had 1 that are null; leave
            no-rows.parquet   | text       | rows must be at least one, were none; leave the file out
            negative.parquet  | input_ids  | row 1 token ids must be in [0, 2^31), found -1; give text, or ids
            brotli.parquet    | text       | must be compressed by snappy, gzip, zstd, lz4_raw or nothing, was by BROTLI; write
            """)
    void whatHoldsNoDocumentsIsRefusedByFileAndRow(String name, String field, String message) {
        assertThatThrownBy(() -> read(name, field))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message);
    }

    @Test
    void aDamagedFileIsRefusedByName(@TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve("zstd.parquet"));
        Path file = folder.resolve("damaged.parquet");
        for (int kept : new int[] {0, 3, 100, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, kept));
            assertThatThrownBy(() -> Document.read(file, "text"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file.toString())
                    .hasMessageContaining("must be a whole Parquet file");
        }
        for (int i = 4; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 0x55;
            Files.write(file, flipped);
            try {
                Document.read(file, "input_ids");
            } catch (IllegalArgumentException refusal) {
                assertThat(refusal).hasMessageContaining(file.toString());
            }
        }
    }
}
