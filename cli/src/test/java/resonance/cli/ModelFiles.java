package resonance.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.model.gguf.GgufWriter;
import resonance.model.huggingface.SafetensorsType;
import resonance.model.huggingface.SafetensorsWriter;

/** Models of two layers with weights of zero, for commands that read only what the files say. Head size 8. */
final class ModelFiles {
    private static final int WIDTH = 16;
    private static final int HEAD_SIZE = 8;
    private static final int FEED_FORWARD = 4;
    private static final int VOCABULARY = 3;

    private ModelFiles() {}

    /** A GGUF file of architecture llama for texts of 128 tokens, to be written after more keys. */
    static GgufWriter gguf() {
        GgufWriter writer = new GgufWriter()
                .putString("general.architecture", "llama")
                .putString("general.name", "Tiny")
                .putUint32("llama.block_count", 2)
                .putUint32("llama.context_length", 128)
                .putUint32("llama.embedding_length", WIDTH)
                .putUint32("llama.feed_forward_length", FEED_FORWARD)
                .putUint32("llama.attention.head_count", 2)
                .putFloat32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        add(writer, "token_embd.weight", WIDTH, VOCABULARY);
        for (int layer = 0; layer < 2; layer++) {
            String block = "blk." + layer + ".";
            add(writer, block + "attn_norm.weight", WIDTH);
            for (String matrix : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                add(writer, block + matrix + ".weight", WIDTH, WIDTH);
            }
            add(writer, block + "ffn_norm.weight", WIDTH);
            add(writer, block + "ffn_gate.weight", WIDTH, FEED_FORWARD);
            add(writer, block + "ffn_up.weight", WIDTH, FEED_FORWARD);
            add(writer, block + "ffn_down.weight", FEED_FORWARD, WIDTH);
        }
        return add(writer, "output_norm.weight", WIDTH);
    }

    private static GgufWriter add(GgufWriter writer, String name, long... sizes) {
        List<Long> boxed = new ArrayList<>();
        int elements = 1;
        for (long size : sizes) {
            boxed.add(size);
            elements *= (int) size;
        }
        return writer.addFloats(name, boxed, new float[elements]);
    }

    /** A folder of Gemma 3: one layer with a window of 64 and one without, for texts of 128 tokens. */
    static Path gemma3(Path folder) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "gemma3_text");
        config.put("architectures", List.of("Gemma3ForCausalLM"));
        config.put("vocab_size", VOCABULARY);
        config.put("hidden_size", WIDTH);
        config.put("intermediate_size", FEED_FORWARD);
        config.put("num_hidden_layers", 2);
        config.put("num_attention_heads", 2);
        config.put("num_key_value_heads", 2);
        config.put("head_dim", HEAD_SIZE);
        config.put("max_position_embeddings", 128);
        config.put("rope_theta", 1_000_000.0);
        config.put("rope_local_base_freq", 10_000.0);
        config.put("sliding_window", 64);
        config.put("layer_types", List.of("sliding_attention", "full_attention"));
        Path model = Files.createDirectory(folder.resolve("gemma"));
        Files.writeString(model.resolve("config.json"), new ObjectMapper().writeValueAsString(config));
        List<SafetensorsWriter.Entry> tensors = new ArrayList<>();
        tensors.add(zeros("model.embed_tokens.weight", VOCABULARY, WIDTH));
        for (int layer = 0; layer < 2; layer++) {
            String block = "model.layers." + layer + ".";
            for (String matrix : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                tensors.add(zeros(block + "self_attn." + matrix + ".weight", WIDTH, WIDTH));
            }
            for (String norm : List.of("q_norm", "k_norm")) {
                tensors.add(zeros(block + "self_attn." + norm + ".weight", HEAD_SIZE));
            }
            for (String norm : List.of("input", "post_attention", "pre_feedforward", "post_feedforward")) {
                tensors.add(zeros(block + norm + "_layernorm.weight", WIDTH));
            }
            tensors.add(zeros(block + "mlp.gate_proj.weight", FEED_FORWARD, WIDTH));
            tensors.add(zeros(block + "mlp.up_proj.weight", FEED_FORWARD, WIDTH));
            tensors.add(zeros(block + "mlp.down_proj.weight", WIDTH, FEED_FORWARD));
        }
        tensors.add(zeros("model.norm.weight", WIDTH));
        SafetensorsWriter.write(model.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
        return model;
    }

    private static SafetensorsWriter.Entry zeros(String name, Integer... shape) {
        int elements = List.of(shape).stream().reduce(1, (a, b) -> a * b);
        return new SafetensorsWriter.Entry(name, List.of(shape), SafetensorsType.F32, () -> new float[elements]);
    }
}
