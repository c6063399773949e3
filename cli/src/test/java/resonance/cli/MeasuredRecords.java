package resonance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The records in a study's folder as they are in every run of it: without times, makers and the checksums over them. */
final class MeasuredRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OF_A_RUN = List.of("madeBy", "sha256", "software");

    private MeasuredRecords() {}

    /** Every finished cell by its file's name. */
    static Map<String, JsonNode> of(Path study) throws IOException {
        Map<String, JsonNode> records = new TreeMap<>();
        try (Stream<Path> cells = Files.list(study.resolve("cells"))) {
            for (Path cell :
                    cells.filter(file -> file.toString().endsWith(".json")).toList()) {
                JsonNode record = JSON.readTree(cell.toFile());
                removeTimes(record);
                records.put(cell.getFileName().toString(), record);
            }
        }
        return records;
    }

    private static void removeTimes(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties()
                    .removeIf(entry ->
                            OF_A_RUN.contains(entry.getKey()) || entry.getKey().matches(".*([sS]econds|PerSecond)"));
        }
        node.forEach(MeasuredRecords::removeTimes);
    }
}
