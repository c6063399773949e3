package resonance.rope.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.rope.huggingface.TransformersVersion.V4;
import static resonance.rope.huggingface.TransformersVersion.V5;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelKeysTest {
    @ParameterizedTest
    @CsvSource({
        "phi3, su, longrope",
        "phi4_multimodal, yarn, longrope",
        "llama, yarn, yarn",
        "llama, su, su",
        "qwen2_vl_text, mrope, default",
        "llama, mrope, mrope",
        "nobodys, yarn, yarn"
    })
    void aWordMeansATypeOfTheClass(String modelType, String word, String type) {
        assertThat(ModelKeys.of(modelType).type(word)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "llama, yarn, V4, true, DICTIONARY",
        "llama, yarn, V5, true, TOP_LEVEL DICTIONARY",
        "llama, llama3, V5, true, TOP_LEVEL DICTIONARY",
        "gemma3_text, yarn, V5, false, DICTIONARY",
        "llama, longrope, V4, true, TOP_LEVEL",
        "llama, longrope, V5, true, TOP_LEVEL DICTIONARY",
        "gemma3_text, longrope, V5, false, DICTIONARY",
        "minicpm, longrope, V4, true, DICTIONARY",
        "llama, linear, V5, true, ''",
        "nobodys, yarn, V5, true, TOP_LEVEL DICTIONARY"
    })
    void theTrainedLengthIsLookedForInThisOrder(
            String modelType, String type, TransformersVersion version, boolean allLayers, String places) {
        assertThat(ModelKeys.of(modelType).trainedLengthPlaces(type, version, allLayers))
                .extracting(ModelKeys.Place::name)
                .isEqualTo(places.isEmpty() ? List.of() : List.of(places.split(" ", -1)));
    }

    @Test
    void whatFewClassesReadIsSaidOfThem() {
        assertThat(ModelKeys.of("phi3").trainedLength()).isEqualTo(OptionalInt.of(4096));
        assertThat(ModelKeys.of("llama").trainedLength()).isEmpty();
        assertThat(ModelKeys.of("nobodys").trainedLength()).isEmpty();
        assertThat(ModelKeys.of("hunyuan_v1_moe").readsAlpha()).isTrue();
        assertThat(ModelKeys.of("llama").readsAlpha()).isFalse();
        assertThat(ModelKeys.of("minicpm").magnitudeFromLengths()).isTrue();
        assertThat(ModelKeys.of("phi3").magnitudeFromLengths()).isFalse();
        assertThat(ModelKeys.of("phi4_multimodal").onlyLongRope()).isTrue();
    }

    /** Both versions, read through the reader. */
    @Test
    void theReaderGoesByThem() {
        Map<String, Object> scaling =
                Map.of("rope_type", "yarn", "factor", 4.0, "original_max_position_embeddings", 512);
        Map<String, Object> config = Map.of(
                "model_type", "llama",
                "hidden_size", 64,
                "num_attention_heads", 4,
                "max_position_embeddings", 4096,
                "original_max_position_embeddings", 1024,
                "rope_scaling", scaling);
        assertThat(ModelRopeReader.read(config, V4).full().shape().trainedLength())
                .isEqualTo(512);
        assertThat(ModelRopeReader.read(config, V5).full().shape().trainedLength())
                .isEqualTo(1024);
    }

    @Test
    void theTextPartIsFoundWhereverItLies() {
        Map<String, Object> text = Map.of("hidden_size", 64);
        assertThat(ModelKeys.textPlace(Map.of("llm_config", text))).isEqualTo("llm_config");
        assertThat(ModelKeys.textPlace(Map.of("thinker_config", Map.of("text_config", text))))
                .isEqualTo("thinker_config.text_config");
        assertThat(ModelKeys.textPlace(Map.of("text_config", List.of(1)))).isEmpty();
        assertThat(ModelKeys.textPlace(text)).isEmpty();
    }
}
