package resonance.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredDocumentTest {
    private final JsonMapper mapper = new JsonMapper();

    @Test
    void readsWhatItWrites() throws IOException {
        MeasuredDocument document = new MeasuredDocument("a.txt", "ab12", 3, 17, "cd34");
        assertThat(mapper.readValue(mapper.writeValueAsString(document), MeasuredDocument.class))
                .isEqualTo(document);
    }

    @Test
    void aRecordMayLackBytesAndIdsOfTokens() throws IOException {
        assertThat(mapper.readValue(
                        "{\"name\" : \"a.txt\", \"sha256\" : \"ab12\", \"tokens\" : 3}", MeasuredDocument.class))
                .isEqualTo(new MeasuredDocument("a.txt", "ab12", 3, 0, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\" : \"a\", \"sha256\" : \"b\"}                                | a document must have tokens, has none of its type",
                "{\"name\" : \"a\", \"sha256\" : \"b\", \"tokens\" : \"3\"}            | a document must have tokens, has none of its type",
                "{\"name\" : \"a\", \"sha256\" : \"b\", \"tokens\" : 3, \"words\" : 2} | a document must have known keys, has [words]",
            })
    void anotherFormIsRefused(String json, String message) {
        assertThatThrownBy(() -> mapper.readValue(json, MeasuredDocument.class)).hasRootCauseMessage(message);
    }
}
