package resonance.serving.lint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import resonance.model.gguf.GgufWriter;

/** GGUF files with every trap, and others that come near it. */
final class GgufCases {
    private static final String SCALING = ".rope.scaling.";
    private static final String DIVISORS = "rope_freqs.weight";
    private static final String LONG = "rope_factors_long.weight";
    private static final String SHORT = "rope_factors_short.weight";

    private final List<LintCase> cases = new ArrayList<>();

    static List<LintCase> all() {
        GgufCases all = new GgufCases();
        all.values();
        all.shapes();
        all.scaling();
        all.architectures();
        all.divisors();
        all.whole();
        all.gpuLlama3();
        return all.cases;
    }

    /** A file of heads of 8 and texts of 128 tokens, with what else is put into it. */
    static LintCase.TestModel file(String architecture, UnaryOperator<GgufWriter> more) {
        return folder -> {
            Path path = folder.resolve("tiny.gguf");
            write(architecture, more, path);
            return path;
        };
    }

    private static void write(String architecture, UnaryOperator<GgufWriter> more, Path path) throws IOException {
        GgufWriter writer = new GgufWriter()
                .putString("general.architecture", architecture)
                .putUint32(architecture + ".context_length", 128)
                .putUint32(architecture + ".embedding_length", 32)
                .putUint32(architecture + ".attention.head_count", 4);
        more.apply(writer)
                .addFloats("token_embd.weight", List.of(32L, 2L), new float[64])
                .write(path);
    }

    private static LintCase.TestModel llama(UnaryOperator<GgufWriter> more) {
        return file("llama", more);
    }

    private static GgufWriter yarn(GgufWriter writer) {
        return writer.putString("llama" + SCALING + "type", "yarn")
                .putFloat32("llama" + SCALING + "factor", 4)
                .putUint32("llama" + SCALING + "original_context_length", 32);
    }

    private static GgufWriter longRope(GgufWriter writer, float... longer) {
        return divisors(divisors(longRopeType(writer), SHORT, 1, 1, 1, 1), LONG, longer);
    }

    private static GgufWriter longRopeType(GgufWriter writer) {
        return writer.putString("llama" + SCALING + "type", "longrope")
                .putUint32("llama" + SCALING + "original_context_length", 32);
    }

    private static GgufWriter divisors(GgufWriter writer, String name, float... values) {
        return writer.addFloats(name, List.of((long) values.length), values);
    }

    private void values() {
        add(
                LintRule.GGUF_WRONG_TYPE,
                llama(writer -> writer.putFloat32("llama.context_length", 64)),
                llama(writer -> writer.putUint32("llama.context_length", 64)));
        add(
                LintRule.GGUF_WRONG_TYPE,
                llama(writer -> writer.putUint32("llama" + SCALING + "factor", 4)),
                llama(writer -> writer.putFloat32("llama" + SCALING + "factor", 4)));
        add(
                LintRule.GGUF_OUT_OF_RANGE,
                llama(writer -> writer.putFloat32("llama" + SCALING + "attn_factor", 0)),
                llama(writer -> writer.putFloat32("llama" + SCALING + "attn_factor", 0.5f)));
        add(
                LintRule.GGUF_OUT_OF_RANGE,
                llama(writer -> writer.putFloat32("llama" + SCALING + "factor", -1)),
                llama(writer -> writer.putFloat32("llama" + SCALING + "factor", 0)));
        add(
                LintRule.GGUF_MISSING_KEY,
                file("other", writer -> writer.putString("general.architecture", "llama")),
                file("other", writer -> writer));
        add(
                LintRule.GGUF_UNREAD_KEY,
                llama(writer -> yarn(writer)
                        .putFloat32("llama" + SCALING + "yarn_beta_fast", 1.5f)
                        .putFloat32("llama" + SCALING + "yarn_beta_slow", 0.1f)
                        .putFloat32("llama" + SCALING + "yarn_ext_factor", 0.5f)
                        .putFloat32("llama" + SCALING + "yarn_log_multiplier", 0.1f)
                        .putFloat32("llama" + SCALING + "yarn_attn_factor", 1.5f)
                        .putFloat32("llama" + SCALING + "alpha", 1000)),
                llama(writer -> writer.putFloat32("llama" + SCALING + "yarn_beta_fast", 1.5f)
                        .putFloat32("llama" + SCALING + "yarn_attn_factor", 1)
                        .putFloat32("llama" + SCALING + "alpha", 0)));
        add(
                LintRule.GGUF_UNREAD_KEY,
                llama(writer -> yarn(writer).putFloat32("llama" + SCALING + "yarn_beta_slow", 2)),
                llama(writer -> yarn(writer)
                        .putFloat32("llama" + SCALING + "yarn_beta_fast", 32)
                        .putFloat32("llama" + SCALING + "yarn_beta_slow", 1)
                        .putFloat32("llama" + SCALING + "yarn_ext_factor", -1)));
    }

    private void shapes() {
        add(
                LintRule.FACTOR_BELOW_ONE,
                llama(writer -> writer.putString("llama" + SCALING + "type", "linear")
                        .putFloat32("llama" + SCALING + "factor", 0.25f)),
                llama(writer -> writer.putString("llama" + SCALING + "type", "none")
                        .putFloat32("llama" + SCALING + "factor", 0.25f)));
        add(
                LintRule.YARN_WITHOUT_FACTOR,
                llama(writer -> writer.putString("llama" + SCALING + "type", "yarn")),
                llama(GgufCases::yarn));
        add(
                LintRule.GGUF_OUT_OF_RANGE,
                file(
                        "grok",
                        writer -> writer.putString("grok" + SCALING + "type", "yarn")
                                .putFloat32("grok" + SCALING + "yarn_ext_factor", 2)),
                file(
                        "grok",
                        writer -> writer.putString("grok" + SCALING + "type", "yarn")
                                .putFloat32("grok" + SCALING + "yarn_ext_factor", 1)));
        add(
                LintRule.BETAS_SWAPPED,
                file(
                        "mistral3",
                        writer -> writer.putString("mistral3" + SCALING + "type", "yarn")
                                .putFloat32("mistral3" + SCALING + "yarn_beta_fast", 0.5f)),
                llama(writer -> yarn(writer).putFloat32("llama" + SCALING + "yarn_beta_fast", 0.5f)));
        add(
                LintRule.GGUF_WRONG_TYPE,
                llama(writer -> writer.putString("llama" + SCALING + "finetuned", "true")),
                llama(writer -> writer.putTruth("llama" + SCALING + "finetuned", true)));
        add(
                LintRule.GEMMA3_WITHOUT_FACTOR,
                gemma3(2560, writer -> writer),
                gemma3(
                        2560,
                        writer -> writer.putString("gemma3" + SCALING + "type", "linear")
                                .putFloat32("gemma3" + SCALING + "factor", 8)));
        add(LintRule.GEMMA3_WITHOUT_FACTOR, gemma3(2560, writer -> writer), gemma3(1152, writer -> writer));
        add(
                LintRule.LLAMA3_WITHOUT_SCALING,
                llama(GgufCases::llama31),
                llama(writer -> divisors(llama31(writer), DIVISORS, 1, 1, 8, 8)));
        add(
                LintRule.LLAMA3_WITHOUT_SCALING,
                llama(GgufCases::llama31),
                llama(writer -> llama31(writer).putUint32("llama.vocab_size", 32000)));
    }

    private static GgufWriter llama31(GgufWriter writer) {
        return writer.putUint32("llama.context_length", 131072).putFloat32("llama.rope.freq_base", 500000);
    }

    private static LintCase.TestModel gemma3(int width, UnaryOperator<GgufWriter> more) {
        return file(
                "gemma3",
                writer -> more.apply(
                        writer.putUint32("gemma3.context_length", 131072).putUint32("gemma3.embedding_length", width)));
    }

    private void scaling() {
        add(
                LintRule.GGUF_UNKNOWN_TYPE,
                llama(writer -> writer.putString("llama" + SCALING + "type", "dynamic")),
                llama(writer -> writer.putString("llama" + SCALING + "type", "linear")));
        add(
                LintRule.FACTOR_WITH_TYPE_NONE,
                llama(writer -> writer.putString("llama" + SCALING + "type", "none")
                        .putFloat32("llama" + SCALING + "factor", 4)),
                llama(writer -> writer.putString("llama" + SCALING + "type", "none")
                        .putFloat32("llama" + SCALING + "factor", 1)));
        add(
                LintRule.FACTOR_WITHOUT_TYPE,
                llama(writer -> writer.putFloat32("llama" + SCALING + "factor", 4)),
                llama(writer -> writer.putFloat32("llama.rope.scale_linear", 4)));
        add(
                LintRule.YARN_WITHOUT_LENGTH,
                llama(writer -> yarn(writer).putUint32("llama" + SCALING + "original_context_length", 0)),
                llama(GgufCases::yarn));
        add(
                LintRule.CONTEXT_CAPPED,
                llama(writer -> yarn(writer).putUint32("llama.context_length", 127)),
                llama(writer -> yarn(writer).putUint32("llama.context_length", 128)));
        add(
                LintRule.MAGNITUDE_AND_CONTEXT_SHIFT,
                llama(GgufCases::yarn),
                llama(writer -> yarn(writer)
                        .putFloat32("llama" + SCALING + "attn_factor", (float) (1 / (1 + 0.1 * Math.log(4))))));
    }

    private void architectures() {
        add(
                LintRule.DIMENSION_COUNT,
                llama(writer -> writer.putUint32("llama.rope.dimension_count", 4)),
                file("qwen2", writer -> writer.putUint32("qwen2.rope.dimension_count", 4)));
        add(
                LintRule.WINDOW_UNREAD,
                llama(writer -> writer.putUint32("llama.attention.sliding_window", 64)),
                file("gemma3", writer -> writer.putUint32("gemma3.attention.sliding_window", 64)));
        add(
                LintRule.MAGNITUDE_ON_LOCAL_LAYERS,
                file("gemma3", writer -> writer.putFloat32("gemma3" + SCALING + "attn_factor", 1.25f)),
                llama(writer -> writer.putFloat32("llama" + SCALING + "attn_factor", 1.25f)));
        add(
                LintRule.UNEXPECTED_DIVISORS,
                file("qwen3", writer -> divisors(writer, DIVISORS, 1, 1, 1, 1)),
                llama(writer -> divisors(writer, DIVISORS, 1, 1, 1, 1)));
        add(
                LintRule.UNEXPECTED_DIVISORS,
                llama(writer -> divisors(longRope(writer, 1, 1, 1, 1), DIVISORS, 1, 1, 1, 1)),
                llama(writer -> longRope(writer, 1, 1, 1, 1)));
        add(
                LintRule.UNEXPECTED_DIVISORS,
                llama(writer -> divisors(writer, LONG, 1, 1, 1, 1)),
                file("phi3", writer -> divisors(writer, LONG, 1, 1, 1, 1)));
    }

    private void divisors() {
        add(
                LintRule.MALFORMED_DIVISORS,
                llama(writer -> divisors(writer, DIVISORS, 1, 2, 3)),
                llama(writer -> divisors(writer, DIVISORS, 1, 2, 3, 4)));
        add(
                LintRule.MALFORMED_DIVISORS,
                llama(writer -> divisors(writer, DIVISORS, 1, 2, 3, 0)),
                llama(writer -> divisors(writer, DIVISORS, 1, 2, 3, 1e30f)));
        add(
                LintRule.LONGROPE_WITHOUT_DIVISORS,
                llama(writer -> longRopeType(writer).putFloat32("llama" + SCALING + "factor", 4)),
                llama(writer -> longRope(writer, 1, 1, 1, 1)));
        add(
                LintRule.LONGROPE_WITHOUT_DIVISORS,
                file("qwen2", writer -> writer.putString("qwen2" + SCALING + "type", "longrope")),
                file("qwen2", writer -> writer.putString("qwen2" + SCALING + "type", "yarn")));
        add(
                LintRule.LONGROPE_BY_CONTEXT,
                llama(writer -> longRope(writer, 1, 2, 3, 4)),
                llama(writer -> longRope(writer, 1, 1, 1, 1)));
        add(
                LintRule.STACKED_DIVISORS,
                llama(writer -> divisors(writer, DIVISORS, 1, 2, 3, 4)
                        .putString("llama" + SCALING + "type", "linear")
                        .putFloat32("llama" + SCALING + "factor", 4)),
                llama(writer -> divisors(writer, DIVISORS, 1, 2, 3, 4)
                        .putString("llama" + SCALING + "type", "none")
                        .putFloat32("llama" + SCALING + "factor", 4)));
        // 44 tokens in 7 turns, and wavelengths of 63, 628 and 6,283 tokens; beside them a list to five digits.
        add(
                LintRule.RESONANT_DIVISORS,
                llama(writer -> divisors(writer, DIVISORS, 1.0004025f, 1.0026761f, 0.99949306f, 0.9999705f)),
                llama(writer -> divisors(writer, DIVISORS, 1.00040f, 1.00268f, 0.99949f, 0.99997f)));
    }

    private void whole() {
        add(LintRule.TENSOR_OFFSETS, GgufCases::swapped, llama(writer -> divisors(writer, DIVISORS, 1, 2, 3, 4)));
        add(
                LintRule.SPLIT_FILE,
                llama(writer -> writer.putUint32("split.count", 2)),
                llama(writer -> writer.putUint32("split.count", 1)));
        add(
                LintRule.FLOAT_ANGLES,
                llama(writer -> writer.putUint32("llama.context_length", 131072)),
                llama(writer -> writer.putUint32("llama.context_length", 100_000)));
    }

    private void gpuLlama3() {
        List<Engine> gpu = List.of(Engine.GPULLAMA3);
        UnaryOperator<GgufWriter> base = writer -> writer.putFloat32("llama.rope.freq_base", 50_000);
        LintCase.TestModel plain = llama(base);
        cases.add(new LintCase(
                LintRule.JAVA_SCALING_UNREAD,
                gpu,
                llama(writer -> yarn(base.apply(writer))),
                llama(writer -> yarn(base.apply(writer)).putString("general.name", "Devstral Small"))));
        cases.add(new LintCase(
                LintRule.JAVA_SCALING_UNREAD,
                gpu,
                llama(writer -> base.apply(writer).putFloat32("llama" + SCALING + "attn_factor", 1.5f)),
                plain));
        cases.add(new LintCase(
                LintRule.JAVA_SCALING_UNREAD, gpu, llama(writer -> divisors(writer, DIVISORS, 1, 2, 3, 4)), plain));
        cases.add(new LintCase(
                LintRule.JAVA_BASE_UNREAD,
                gpu,
                llama(writer -> writer.putFloat32("llama.rope.freq_base", 500_000)),
                plain));
        cases.add(new LintCase(
                LintRule.JAVA_BASE_UNREAD,
                gpu,
                file("qwen3", writer -> writer),
                file("qwen3", writer -> writer.putFloat32("qwen3.rope.freq_base", 1_000_000))));
    }

    /** Two tensors of 32 bytes whose data lies the other way round than their list says. */
    private static Path swapped(Path folder) throws IOException {
        Path path = folder.resolve("tiny.gguf");
        write(
                "llama",
                writer -> divisors(divisors(writer, "a", 1, 1, 1, 1, 1, 1, 1, 1), "b", 2, 2, 2, 2, 2, 2, 2, 2),
                path);
        byte[] bytes = Files.readAllBytes(path);
        int first = offsetField(bytes, "a");
        int second = offsetField(bytes, "b");
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long former = buffer.getLong(first);
        buffer.putLong(first, buffer.getLong(second));
        buffer.putLong(second, former);
        return Files.write(path, bytes);
    }

    /** Where the offset of a tensor of one size stands: after its name, number of sizes, size and type. */
    private static int offsetField(byte[] bytes, String name) {
        byte[] sought = ByteBuffer.allocate(Long.BYTES + name.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(name.length())
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .array();
        int at = Collections.indexOfSubList(boxed(bytes), boxed(sought));
        return at + sought.length + Integer.BYTES + Long.BYTES + Integer.BYTES;
    }

    private static List<Byte> boxed(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        return Arrays.asList(boxed);
    }

    private void add(LintRule rule, LintCase.TestModel broken, LintCase.TestModel sound) {
        cases.add(new LintCase(rule, List.of(Engine.LLAMA_CPP), broken, sound));
    }
}
