package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StringMatchTest {

    /** Scored by NVIDIA's own functions; see scores.py beside the file. */
    @Test
    void scoresAsNvidiasScriptDoes() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(ReferenceWords.read("scores.json"));
        assertThat(rows).hasSizeGreaterThan(15);
        for (JsonNode row : rows) {
            List<String> references = new ArrayList<>();
            row.get("references").forEach(reference -> references.add(reference.asText()));
            assertThat(100 * StringMatch.score(row.get("answer").asText(), references))
                    .as(row.toString())
                    .isCloseTo(row.get("score").asDouble(), within(0.005));
        }
    }

    @Test
    void withoutAReferenceThereIsNoScore() {
        assertThatThrownBy(() -> StringMatch.score("12", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("references must hold at least 1, held none");
    }
}
