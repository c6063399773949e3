package resonance.model.huggingface;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.model.Model;

/**
 * A Hugging Face folder with one small block: 2 query heads and 1 key head of 4 features, width 6, 8 feed-forward
 * features, 10 tokens. Element i of the n-th tensor is n + i / 256, which float32 and bfloat16 hold apart.
 */
final class TinyFolder {
    private final Path folder;
    private final Map<String, Object> config = new LinkedHashMap<>();
    private final Map<String, List<Integer>> tensors = new LinkedHashMap<>();
    private final SafetensorsType type;

    TinyFolder(Path folder, String modelType, String className, SafetensorsType type) {
        this.folder = folder;
        this.type = type;
        config.put("model_type", modelType);
        config.put("architectures", List.of(className));
        config.put("vocab_size", 10);
        config.put("hidden_size", 6);
        config.put("intermediate_size", 8);
        config.put("num_hidden_layers", 1);
        config.put("num_attention_heads", 2);
        config.put("num_key_value_heads", 1);
        config.put("head_dim", 4);
        config.put("max_position_embeddings", 16);
        tensors.put("model.embed_tokens.weight", List.of(10, 6));
        block("input_layernorm.weight", 6);
        block("self_attn.q_proj.weight", 8, 6);
        block("self_attn.k_proj.weight", 4, 6);
        block("self_attn.v_proj.weight", 4, 6);
        block("self_attn.o_proj.weight", 6, 8);
        block("post_attention_layernorm.weight", 6);
        block("mlp.gate_proj.weight", 8, 6);
        block("mlp.up_proj.weight", 8, 6);
        block("mlp.down_proj.weight", 6, 8);
        tensors.put("model.norm.weight", List.of(6));
        tensors.put("lm_head.weight", List.of(10, 6));
    }

    static TinyFolder llama(Path folder) {
        return new TinyFolder(folder, "llama", "LlamaForCausalLM", SafetensorsType.F32);
    }

    static TinyFolder qwen2(Path folder) {
        return new TinyFolder(folder, "qwen2", "Qwen2ForCausalLM", SafetensorsType.F32)
                .block("self_attn.q_proj.bias", 8)
                .block("self_attn.k_proj.bias", 4)
                .block("self_attn.v_proj.bias", 4);
    }

    static TinyFolder gemma3(Path folder) {
        return new TinyFolder(folder, "gemma3_text", "Gemma3ForCausalLM", SafetensorsType.BF16)
                .block("self_attn.q_norm.weight", 4)
                .block("self_attn.k_norm.weight", 4)
                .block("pre_feedforward_layernorm.weight", 6)
                .block("post_feedforward_layernorm.weight", 6)
                .without("lm_head.weight");
    }

    TinyFolder config(String key, @Nullable Object value) {
        config.put(key, value);
        return this;
    }

    TinyFolder tensor(String name, Integer... shape) {
        tensors.put(name, List.of(shape));
        return this;
    }

    TinyFolder block(String name, Integer... shape) {
        return tensor("model.layers.0." + name, shape);
    }

    TinyFolder without(String tensor) {
        tensors.remove(tensor);
        return this;
    }

    List<String> tensorNames() {
        return List.copyOf(tensors.keySet());
    }

    /** Element i of a tensor as this folder writes it. */
    float value(String tensor, int i) {
        return type.rounded(tensorNames().indexOf(tensor) + i / 256f);
    }

    TinyFolder writeConfig() {
        try {
            Files.writeString(folder.resolve("config.json"), new ObjectMapper().writeValueAsString(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Writes config.json and one model.safetensors. */
    TinyFolder write() {
        return writeConfig().writeTensors("model.safetensors", tensorNames());
    }

    /** Writes some of the tensors into a file. */
    TinyFolder writeTensors(String fileName, List<String> names) {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (String name : names) {
            int elements = tensors.getOrDefault(name, List.of()).stream().reduce(1, (a, b) -> a * b);
            entries.add(new SafetensorsWriter.Entry(
                    name, tensors.getOrDefault(name, List.of()), type, () -> values(name, elements)));
        }
        try {
            SafetensorsWriter.write(folder.resolve(fileName), Map.of("format", "pt"), entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Path path() {
        return folder;
    }

    /** A parameter outside the layers or in the only one. */
    static float[] read(Model model, ParameterRole role) {
        int layer = role.inLayers() ? 0 : Parameter.NO_LAYER;
        return read(model, model.description().decoder().parameter(role, layer));
    }

    static float[] read(Model model, Parameter parameter) {
        float[] values = new float[(int) parameter.size()];
        model.weights().read(parameter, 0, values.length, values, 0);
        return values;
    }

    /** A tensor's elements in another order. */
    float[] picked(String tensor, int count, IntUnaryOperator source) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = value(tensor, source.applyAsInt(i));
        }
        return values;
    }

    private float[] values(String tensor, int elements) {
        return picked(tensor, elements, i -> i);
    }
}
