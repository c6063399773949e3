package resonance.model.gguf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import resonance.decoder.Parameter;

/** Writers of small whole models with random weights, for tests to change and to damage. */
final class TinyGguf {
    static final int WIDTH = 8;
    static final int HEADS = 2;
    static final int KEY_VALUE_HEADS = 1;
    static final int HEAD_SIZE = 6;
    static final int FEED_FORWARD = 12;
    static final int LAYERS = 2;
    static final int VOCABULARY = 5;

    private TinyGguf() {}

    /** Every key and tensor that the architecture must have, and a vocabulary. */
    static GgufWriter writer(String architecture) {
        return writer(architecture, LAYERS);
    }

    static GgufWriter writer(String architecture, int layers) {
        String prefix = architecture + ".";
        GgufWriter writer = new GgufWriter()
                .putString("general.architecture", architecture)
                .putString("general.name", "tiny " + architecture)
                .putUint32(prefix + "block_count", layers)
                .putUint32(prefix + "context_length", 64)
                .putUint32(prefix + "embedding_length", WIDTH)
                .putUint32(prefix + "feed_forward_length", FEED_FORWARD)
                .putUint32(prefix + "attention.head_count", HEADS)
                .putUint32(prefix + "attention.head_count_kv", KEY_VALUE_HEADS)
                .putUint32(prefix + "attention.key_length", HEAD_SIZE)
                .putUint32(prefix + "attention.value_length", HEAD_SIZE)
                .putFloat32(prefix + "attention.layer_norm_rms_epsilon", 1e-6f)
                .putString("tokenizer.ggml.model", "gpt2")
                .putString("tokenizer.ggml.pre", "smollm")
                .putStrings("tokenizer.ggml.tokens", List.of("a", "b", "ab", "Ġ", "<end>"))
                .putInt32s("tokenizer.ggml.token_type", 1, 1, 1, 1, 3)
                .putStrings("tokenizer.ggml.merges", List.of("a b"))
                .putUint32("tokenizer.ggml.eos_token_id", 4);
        boolean gemma = architecture.equals("gemma3");
        if (gemma) {
            writer.putUint32(prefix + "attention.sliding_window", 16);
        }
        addFloats(writer, "token_embd.weight", WIDTH, VOCABULARY);
        for (int layer = 0; layer < layers; layer++) {
            String block = "blk." + layer + ".";
            addFloats(writer, block + "attn_norm.weight", WIDTH);
            addFloats(writer, block + "attn_q.weight", WIDTH, HEADS * HEAD_SIZE);
            addFloats(writer, block + "attn_k.weight", WIDTH, KEY_VALUE_HEADS * HEAD_SIZE);
            addFloats(writer, block + "attn_v.weight", WIDTH, KEY_VALUE_HEADS * HEAD_SIZE);
            if (architecture.equals("qwen2")) {
                addFloats(writer, block + "attn_q.bias", HEADS * HEAD_SIZE);
                addFloats(writer, block + "attn_k.bias", KEY_VALUE_HEADS * HEAD_SIZE);
                addFloats(writer, block + "attn_v.bias", KEY_VALUE_HEADS * HEAD_SIZE);
            }
            if (architecture.equals("qwen3") || gemma) {
                addFloats(writer, block + "attn_q_norm.weight", HEAD_SIZE);
                addFloats(writer, block + "attn_k_norm.weight", HEAD_SIZE);
            }
            addFloats(writer, block + "attn_output.weight", HEADS * HEAD_SIZE, WIDTH);
            addFloats(writer, block + "ffn_norm.weight", WIDTH);
            addFloats(writer, block + "ffn_gate.weight", WIDTH, FEED_FORWARD);
            addFloats(writer, block + "ffn_up.weight", WIDTH, FEED_FORWARD);
            addFloats(writer, block + "ffn_down.weight", FEED_FORWARD, WIDTH);
            if (gemma) {
                addFloats(writer, block + "post_attention_norm.weight", WIDTH);
                addFloats(writer, block + "post_ffw_norm.weight", WIDTH);
            }
        }
        return addFloats(writer, "output_norm.weight", WIDTH);
    }

    /** Adds a tensor whose values are drawn by its name. */
    static GgufWriter addFloats(GgufWriter writer, String name, long... sizes) {
        List<Long> boxed = new ArrayList<>();
        int elements = 1;
        for (long size : sizes) {
            boxed.add(size);
            elements *= (int) size;
        }
        return writer.addFloats(name, boxed, values(name, elements));
    }

    /** What {@link #addFloats} stores. */
    static float[] values(String name, int elements) {
        Random random = new Random(name.hashCode());
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static GgufModel open(GgufWriter writer, Path folder) {
        try {
            Path path = Files.createTempFile(folder, "tiny", ".gguf");
            writer.write(path);
            return GgufModel.open(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static byte[] bytes(GgufWriter writer) {
        try {
            Path path = Files.createTempFile("tiny", ".gguf");
            try {
                writer.write(path);
                return Files.readAllBytes(path);
            } finally {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Asks for everything that a file of this size can be asked for, but the tokenizer. */
    static void readEverything(GgufModel model) {
        model.description().rope().frequencies(1 << 20);
        model.description().slidingRope().frequencies(1);
        model.vocabulary();
        for (Parameter parameter : model.description().decoder().parameters()) {
            int size = Math.toIntExact(parameter.size());
            model.weights().read(parameter, 0, size, new float[size], 0);
        }
    }
}
