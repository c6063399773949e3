package resonance.serving.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufWriter;
import resonance.model.huggingface.SafetensorsType;
import resonance.model.huggingface.SafetensorsWriter;
import resonance.model.huggingface.SafetensorsWriter.Entry;

/** Whole models of one or two layers with random weights, heads of 16 features, trained on 64 tokens. */
final class SmallModels {
    static final int TRAINED_LENGTH = 64;
    static final int HEAD_SIZE = 16;
    static final int HEADS = 4;
    static final int KEY_HEADS = 2;

    private static final int WIDTH = 64;
    private static final int VOCABULARY = 7;

    private SmallModels() {}

    /** A GGUF file of an architecture, its matrices of Q8_0; more keys and tensors may be put into it. */
    static GgufWriter gguf(String architecture) {
        String prefix = architecture + ".";
        GgufWriter writer = new GgufWriter()
                .putString("general.architecture", architecture)
                .putUint32(prefix + "context_length", TRAINED_LENGTH)
                .putUint32(prefix + "block_count", 1)
                .putUint32(prefix + "embedding_length", WIDTH)
                .putUint32(prefix + "feed_forward_length", WIDTH)
                .putUint32(prefix + "attention.head_count", HEADS)
                .putUint32(prefix + "attention.head_count_kv", KEY_HEADS)
                .putUint32(prefix + "attention.key_length", HEAD_SIZE)
                .putUint32(prefix + "attention.value_length", HEAD_SIZE)
                .putFloat32(prefix + "attention.layer_norm_rms_epsilon", 1e-6f)
                .putFloat32(prefix + "rope.freq_base", 20_000)
                .putString("tokenizer.ggml.model", "none");
        boolean gemma = architecture.equals("gemma3");
        if (gemma) {
            writer.putUint32(prefix + "attention.sliding_window", 16);
        }
        matrix(writer, "token_embd.weight", VOCABULARY);
        String block = "blk.0.";
        vector(writer, block + "attn_norm.weight", WIDTH);
        matrix(writer, block + "attn_q.weight", HEADS * HEAD_SIZE);
        matrix(writer, block + "attn_k.weight", KEY_HEADS * HEAD_SIZE);
        matrix(writer, block + "attn_v.weight", KEY_HEADS * HEAD_SIZE);
        if (architecture.equals("qwen2")) {
            vector(writer, block + "attn_q.bias", HEADS * HEAD_SIZE);
            vector(writer, block + "attn_k.bias", KEY_HEADS * HEAD_SIZE);
            vector(writer, block + "attn_v.bias", KEY_HEADS * HEAD_SIZE);
        }
        if (architecture.equals("qwen3") || gemma) {
            vector(writer, block + "attn_q_norm.weight", HEAD_SIZE);
            vector(writer, block + "attn_k_norm.weight", HEAD_SIZE);
        }
        for (String name : List.of("attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
            matrix(writer, block + name + ".weight", WIDTH);
        }
        vector(writer, block + "ffn_norm.weight", WIDTH);
        if (gemma) {
            vector(writer, block + "post_attention_norm.weight", WIDTH);
            vector(writer, block + "post_ffw_norm.weight", WIDTH);
        }
        vector(writer, "output_norm.weight", WIDTH);
        return writer;
    }

    private static void vector(GgufWriter writer, String name, int length) {
        float[] values = new float[length];
        Random random = new Random(name.hashCode());
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        writer.addFloats(name, List.of((long) length), values);
    }

    private static void matrix(GgufWriter writer, String name, int rows) {
        GgmlType type = GgmlType.Q8_0;
        byte[] bytes = new byte[rows * WIDTH / type.blockElements() * type.blockBytes()];
        new Random(name.hashCode()).nextBytes(bytes);
        ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < bytes.length; block += type.blockBytes()) {
            blocks.putShort(block, (short) 0x2400); // a scale of 1/64 in half precision
        }
        writer.addTensor(name, List.of((long) WIDTH, (long) rows), type, out -> out.write(bytes));
    }

    /** A Hugging Face folder of a {@code model_type}, with further keys in its configuration. */
    static Path folder(Path folder, String type, String className, Map<String, Object> further) throws IOException {
        Files.createDirectories(folder);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of(className));
        config.put("model_type", type);
        config.put("vocab_size", VOCABULARY);
        config.put("hidden_size", WIDTH);
        config.put("intermediate_size", WIDTH);
        config.put("num_hidden_layers", 1);
        config.put("num_attention_heads", HEADS);
        config.put("num_key_value_heads", KEY_HEADS);
        config.put("head_dim", HEAD_SIZE);
        config.put("max_position_embeddings", TRAINED_LENGTH);
        config.put("rms_norm_eps", 1e-6);
        config.put("tie_word_embeddings", true);
        config.putAll(further);
        new ObjectMapper().writeValue(folder.resolve("config.json").toFile(), config);
        List<Entry> entries = new ArrayList<>();
        add(entries, "model.embed_tokens.weight", VOCABULARY, WIDTH);
        String layer = "model.layers.0.";
        add(entries, layer + "self_attn.q_proj.weight", HEADS * HEAD_SIZE, WIDTH);
        add(entries, layer + "self_attn.k_proj.weight", KEY_HEADS * HEAD_SIZE, WIDTH);
        add(entries, layer + "self_attn.v_proj.weight", KEY_HEADS * HEAD_SIZE, WIDTH);
        add(entries, layer + "self_attn.o_proj.weight", WIDTH, HEADS * HEAD_SIZE);
        List<String> norms = new ArrayList<>(List.of("input_layernorm", "post_attention_layernorm"));
        if (type.equals("qwen2")) {
            add(entries, layer + "self_attn.q_proj.bias", HEADS * HEAD_SIZE);
            add(entries, layer + "self_attn.k_proj.bias", KEY_HEADS * HEAD_SIZE);
            add(entries, layer + "self_attn.v_proj.bias", KEY_HEADS * HEAD_SIZE);
        }
        if (type.equals("gemma3_text")) {
            norms.addAll(List.of("pre_feedforward_layernorm", "post_feedforward_layernorm"));
        }
        if (type.equals("qwen3") || type.equals("gemma3_text")) {
            add(entries, layer + "self_attn.q_norm.weight", HEAD_SIZE);
            add(entries, layer + "self_attn.k_norm.weight", HEAD_SIZE);
        }
        for (String norm : norms) {
            add(entries, layer + norm + ".weight", WIDTH);
        }
        for (String name : List.of("gate_proj", "up_proj", "down_proj")) {
            add(entries, layer + "mlp." + name + ".weight", WIDTH, WIDTH);
        }
        add(entries, "model.norm.weight", WIDTH);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), entries);
        Files.writeString(folder.resolve("tokenizer.json"), "{\"any\": \"text\"}");
        return folder;
    }

    private static void add(List<Entry> entries, String name, Integer... shape) {
        int count = Stream.of(shape).reduce(1, (product, size) -> product * size);
        float[] values = new float[count];
        Random random = new Random(name.hashCode());
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        entries.add(new Entry(name, List.of(shape), SafetensorsType.F32, () -> values));
    }
}
