package resonance.evaluation.longbench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What longbench.py wrote with LongBench's own code; see there. */
final class GoldenFile {
    private GoldenFile() {}

    static JsonNode read(String name) throws IOException {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/longbench/" + name)) {
            return new JsonMapper().readTree(in);
        }
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
