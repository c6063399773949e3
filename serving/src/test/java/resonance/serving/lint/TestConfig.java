package resonance.serving.lint;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configurations of small models, with no weights beside them. */
final class TestConfig {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

    /** Heads of 8 and texts of 128 tokens. */
    private static final String USUAL = "{'model_type': 'llama', 'hidden_size': 32, 'num_attention_heads': 4,"
            + " 'max_position_embeddings': 128, 'rope_theta': 10000.0}";

    private TestConfig() {}

    /**
     * The usual one with other keys in single quotes, such as {@code 'rope_theta': 500}; null takes a key away. The
     * architecture is that of the model type.
     */
    static LintCase.TestModel with(String keys) {
        return of(values(keys));
    }

    /** The keys of {@link #with}. */
    static Map<String, Object> values(String keys) {
        Map<String, Object> config = new LinkedHashMap<>(parse(USUAL));
        Map<String, Object> others = parse("{" + keys + "}");
        String modelType = String.valueOf(others.getOrDefault("model_type", config.get("model_type")));
        ModelClass.of(Engine.TRANSFORMERS_5, modelType)
                .ifPresent(one -> config.put("architectures", List.of(one.architecture())));
        others.forEach((key, value) -> {
            if (value == null) {
                config.remove(key);
            } else {
                config.put(key, value);
            }
        });
        return config;
    }

    /** A model with just these keys. */
    static LintCase.TestModel of(Map<String, Object> config) {
        return folder -> Files.writeString(folder.resolve("config.json"), JSON.writeValueAsString(config));
    }

    static Map<String, Object> parse(String json) {
        try {
            return JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    /** Lints a configuration for all engines. */
    static LintReport lint(Path folder, Map<String, Object> config) throws IOException {
        of(config).writeTo(folder);
        return Linter.lint(folder);
    }
}
