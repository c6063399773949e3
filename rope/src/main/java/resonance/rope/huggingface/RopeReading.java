package resonance.rope.huggingface;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a configuration says of positions.
 *
 * @param modelType of the text model: "llama", "qwen3_5_text"
 * @param place key of the object that holds the text model's settings, such as "text_config"; empty if they stand at the top
 * @param ropes encodings by layer type such as "full_attention", or under {@link ModelRope#ALL_LAYERS} alone
 * @param windows one value for each layer that rotates: tokens that it sees at most, with its own; 0 for the whole text
 * @param unrotated number of layers whose attention does not rotate, or that have none
 * @param notes keys without an effect and values that were taken for granted, one sentence each; nothing here changes what is
 *     computed
 */
public record RopeReading(
        String modelType,
        String place,
        Map<String, ModelRope> ropes,
        List<Integer> windows,
        int unrotated,
        List<String> notes) {
    public RopeReading {
        ropes = Collections.unmodifiableMap(new LinkedHashMap<>(ropes));
        windows = List.copyOf(windows);
        notes = List.copyOf(notes);
    }

    /** Encoding of the layers that see the whole text. */
    public ModelRope full() {
        return of("full_attention");
    }

    /** Encoding of the layers with a window; the same where all layers share one. */
    public ModelRope sliding() {
        return of("sliding_attention");
    }

    private ModelRope of(String layerType) {
        ModelRope rope = ropes.getOrDefault(ModelRope.ALL_LAYERS, ropes.get(layerType));
        if (rope == null) {
            throw new IllegalStateException("ropes must have an encoding for " + layerType + ", had " + ropes.keySet());
        }
        return rope;
    }
}
