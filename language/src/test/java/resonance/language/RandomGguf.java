package resonance.language;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufWriter;

/**
 * A small random model as a GGUF file. Its activations are near 1 and its predictions far from uniform, so that a wrong
 * weight, position or norm shows in them.
 *
 * <p>Blocks of a quantised type hold random bits under sane scales, so every code and every group scale occurs.
 */
public final class RandomGguf {
    public static final int VOCABULARY = 300;
    static final int TRAINED_LENGTH = 128;

    private static final int WIDTH = 256;
    private static final int FEED_FORWARD = 256;
    private static final int LAYERS = 3;
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;

    /** Standard deviation of weights, by which a product of a normed vector has one of about 1. */
    private static final double DEVIATION = 1 / Math.sqrt(WIDTH);

    /** Makes the head's logits spread. */
    private static final float FINAL_NORM = 3;

    private final String architecture;
    private final long seed;
    private GgmlType embeddingType = GgmlType.F32;
    private GgmlType matrixType = GgmlType.F32;
    private boolean decoded;
    private Consumer<GgufWriter> settings = writer -> {};

    public RandomGguf(String architecture, long seed) {
        this.architecture = architecture;
        this.seed = seed;
    }

    /** Stores the embedding in another type. */
    RandomGguf embedding(GgmlType type) {
        embeddingType = type;
        return this;
    }

    /** Stores the blocks' matrices and the head in another type. */
    public RandomGguf matrices(GgmlType type) {
        matrixType = type;
        return this;
    }

    /** Stores the values of the same model as float32. */
    RandomGguf decoded() {
        decoded = true;
        return this;
    }

    /** Adds keys and tensors, or puts other values in the place of usual ones. */
    public RandomGguf with(Consumer<GgufWriter> further) {
        settings = settings.andThen(further);
        return this;
    }

    public Path write(Path file) throws IOException {
        Random random = new Random(seed);
        GgufWriter writer = new GgufWriter();
        putKeys(writer);
        matrix(writer, random, "token_embd.weight", WIDTH, VOCABULARY, embeddingType);
        for (int layer = 0; layer < LAYERS; layer++) {
            addLayer(writer, random, "blk." + layer + ".");
        }
        vector(writer, random, "output_norm.weight", WIDTH, FINAL_NORM, 0.5);
        matrix(writer, random, "output.weight", WIDTH, VOCABULARY, matrixType);
        settings.accept(writer);
        writer.write(file);
        return file;
    }

    /** Random ids. */
    static int[] tokens(int count, long seed) {
        return new Random(seed).ints(count, 0, VOCABULARY).toArray();
    }

    /** A key of the architecture's own. */
    String key(String name) {
        return architecture + "." + name;
    }

    /** Features of a head; not width / heads where the architecture says it on its own. */
    int headSize() {
        return normedHeads() ? 32 : WIDTH / HEADS;
    }

    private boolean normedHeads() {
        return architecture.equals("qwen3") || architecture.equals("gemma3");
    }

    private void putKeys(GgufWriter writer) {
        writer.putString("general.architecture", architecture);
        writer.putString("tokenizer.ggml.model", "none");
        String prefix = architecture + ".";
        writer.putUint32(prefix + "vocab_size", VOCABULARY)
                .putUint32(prefix + "context_length", TRAINED_LENGTH)
                .putUint32(prefix + "embedding_length", WIDTH)
                .putUint32(prefix + "block_count", LAYERS)
                .putUint32(prefix + "feed_forward_length", FEED_FORWARD)
                .putUint32(prefix + "attention.head_count", HEADS)
                .putUint32(prefix + "attention.head_count_kv", KEY_VALUE_HEADS)
                .putUint32(prefix + "attention.key_length", headSize())
                .putUint32(prefix + "attention.value_length", headSize())
                .putFloat32(prefix + "attention.layer_norm_rms_epsilon", 1e-5f)
                .putUint32(prefix + "rope.dimension_count", headSize())
                .putFloat32(prefix + "rope.freq_base", 20_000);
        if (architecture.equals("gemma3")) {
            writer.putUint32(prefix + "attention.sliding_window", 48)
                    .putUint32(prefix + "attention.sliding_window_pattern", LAYERS)
                    .putFloat32(prefix + "rope.freq_base_swa", 5_000);
        }
    }

    private void addLayer(GgufWriter writer, Random random, String prefix) {
        int queries = HEADS * headSize();
        int keys = KEY_VALUE_HEADS * headSize();
        vector(writer, random, prefix + "attn_norm.weight", WIDTH, 1.5, 0.3);
        matrix(writer, random, prefix + "attn_q.weight", WIDTH, queries, matrixType);
        matrix(writer, random, prefix + "attn_k.weight", WIDTH, keys, matrixType);
        matrix(writer, random, prefix + "attn_v.weight", WIDTH, keys, matrixType);
        if (architecture.equals("qwen2")) {
            vector(writer, random, prefix + "attn_q.bias", queries, 0, 1);
            vector(writer, random, prefix + "attn_k.bias", keys, 0, 1);
            vector(writer, random, prefix + "attn_v.bias", keys, 0, 0.3);
        }
        if (normedHeads()) {
            vector(writer, random, prefix + "attn_q_norm.weight", headSize(), 1.5, 0.5);
            vector(writer, random, prefix + "attn_k_norm.weight", headSize(), 1.5, 0.5);
        }
        matrix(writer, random, prefix + "attn_output.weight", queries, WIDTH, matrixType);
        vector(writer, random, prefix + "ffn_norm.weight", WIDTH, 1, 0.3);
        matrix(writer, random, prefix + "ffn_gate.weight", WIDTH, FEED_FORWARD, matrixType);
        matrix(writer, random, prefix + "ffn_up.weight", WIDTH, FEED_FORWARD, matrixType);
        matrix(writer, random, prefix + "ffn_down.weight", FEED_FORWARD, WIDTH, matrixType);
        if (architecture.equals("gemma3")) {
            vector(writer, random, prefix + "post_attention_norm.weight", WIDTH, 1, 0.3);
            vector(writer, random, prefix + "post_ffw_norm.weight", WIDTH, 1, 0.3);
        }
    }

    private static void vector(
            GgufWriter writer, Random random, String name, int length, double mean, double deviation) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        writer.addFloats(name, List.of((long) length), values);
    }

    private void matrix(GgufWriter writer, Random random, String name, int columns, int rows, GgmlType type) {
        int blocks = columns / type.blockElements() * rows;
        byte[] bytes = new byte[blocks * type.blockBytes()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        random.nextBytes(bytes);
        for (int block = 0; block < blocks; block++) {
            RandomBlock.finish(type, buffer, block * type.blockBytes(), DEVIATION, random);
        }
        List<Long> sizes = List.of((long) columns, (long) rows);
        if (decoded) {
            float[] values = new float[columns * rows];
            type.decode(bytes, 0, blocks, values, 0);
            writer.addFloats(name, sizes, values);
        } else {
            writer.addTensor(name, sizes, type, out -> out.write(bytes));
        }
    }
}
