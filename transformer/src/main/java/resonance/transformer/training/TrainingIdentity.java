package resonance.transformer.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What makes a training this one: a checkpoint of another is not gone on from.
 *
 * @param description the training in the words of an error: "a run with these texts and settings"
 * @param settings everything that decides the result, as text by name
 */
public record TrainingIdentity(String description, Map<String, String> settings) {
    /** Of the settings in a checkpoint's progress. */
    static final String KEY = "identity";

    public TrainingIdentity {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * The settings of the training that a checkpoint belongs to, as text by name; empty if there is none that can be read, which
     * whoever goes on from it says.
     */
    public static Map<String, String> settingsOf(Path checkpoint) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> setting :
                Checkpoint.progressOf(checkpoint).path(KEY).properties()) {
            settings.put(setting.getKey(), setting.getValue().asText());
        }
        return settings;
    }

    /** The first setting that another training has otherwise, in words; empty if it has them all alike. */
    String difference(Map<String, String> others) {
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String other = others.get(setting.getKey());
            if (!setting.getValue().equals(other)) {
                return setting.getKey() + " was " + (other == null ? "missing" : other) + " there and is "
                        + setting.getValue() + " now";
            }
        }
        return "";
    }
}
