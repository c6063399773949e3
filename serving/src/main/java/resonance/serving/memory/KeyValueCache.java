package resonance.serving.memory;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.serving.lint.Engine;

/**
 * The keys and values that an engine keeps of one text.
 *
 * <pre>
 *   bytes = Σ_layers 2 · cells · bytes of K S elements       K key heads of S features </pre>
 *
 * <p>llama.cpp 0.5.0: cells are the context ({@code -c}) rounded up to 256; a layer with a window has at most the window and a
 * batch of {@value ComputeBuffer#BATCH} ({@code --ubatch-size}), rounded up to 256, unless {@code --swa-full} is given. Executed:
 * SmolLM2-135M at eight types, and random models with Gemma 3's windows, are the sizes that it prints. transformers 5.18.0 keeps the text's own
 * tokens, and of a layer with a window the last window − 1 (read: DynamicCache). All share keys and values between the query
 * heads of a group.
 *
 * <p>vLLM 0.33.0 keeps whole blocks of {@value #BLOCK} tokens. A layer with a window w has at most the blocks of w − 1 tokens and those
 * of the two steps that are in flight, of {@value #STEP_TOKENS} tokens each ({@code --max-num-batched-tokens}), and one more. Where some
 * layers have a window and others don't, both kinds are split into groups of as many layers as the rarer kind has, or the more frequent
 * one if that has less than half as many again, and every group has blocks for that many. Read: kv_cache_interface and
 * kv_cache_planning of vllm.v1, and the defaults in vllm.config; not executed. It is what one text takes at most; vLLM itself claims a
 * share of the GPU's memory for all of them beforehand ({@code --gpu-memory-utilization}).
 */
public final class KeyValueCache {
    /** The engines that these rules are known of. */
    public static final List<Engine> ENGINES = List.of(Engine.LLAMA_CPP, Engine.TRANSFORMERS_5, Engine.VLLM);

    private static final int CELLS = 256;

    /** Of vLLM's attention on NVIDIA GPUs but for MLA. */
    private static final int BLOCK = 16;

    /** The default of {@code vllm serve} on GPUs with less than 70 GiB, and on an A100; 8,192 or 16,384 on larger ones. */
    private static final int STEP_TOKENS = 2_048;

    /** Since the next step is scheduled while one runs. */
    private static final long STEPS_IN_FLIGHT = 2;

    private final List<Integer> windows;
    private final AttentionShape attention;

    /** Of a model's decoder. */
    public KeyValueCache(DecoderConfig decoder) {
        windows = decoder.windows();
        attention = decoder.attention();
    }

    /**
     * How the rules of an engine were checked, in words.
     *
     * @param engine one of {@link #ENGINES}
     */
    public static String checked(Engine engine) {
        return switch (engine) {
            case LLAMA_CPP ->
                "executed, " + engine.version() + " on a CPU, passes of " + ComputeBuffer.BATCH + " tokens";
            case VLLM -> "read, " + engine.version() + ", blocks of " + BLOCK + " tokens, one text's";
            default -> "read, " + engine.version();
        };
    }

    /** The types that an engine can keep this model's in. */
    public List<CacheType> types(Engine engine) {
        return switch (engine) {
            case LLAMA_CPP ->
                List.of(CacheType.values()).stream()
                        .filter(type -> type.fits(attention.headSize()))
                        .toList();
            case VLLM -> List.of(CacheType.F32, CacheType.F16, CacheType.BF16, CacheType.FP8);
            default -> List.of(CacheType.F32, CacheType.F16, CacheType.BF16);
        };
    }

    /**
     * Bytes of a text's keys and values.
     *
     * @param type one of {@link #types}
     * @param tokens of the text, at least 1; for llama.cpp the context that is asked for
     * @throws IllegalArgumentException if the engine's rules are not known, or the type is not one of its
     */
    public long bytes(Engine engine, CacheType type, long tokens) {
        if (!ENGINES.contains(engine)) {
            throw new IllegalArgumentException("engine must be one of "
                    + ENGINES.stream().map(Engine::label).toList() + ", was " + engine.label());
        }
        if (!types(engine).contains(type)) {
            throw new IllegalArgumentException("type must be one of "
                    + types(engine).stream().map(CacheType::label).toList() + " for heads of "
                    + attention.headSize() + " in " + engine.label() + ", was " + type.label());
        }
        if (engine == Engine.VLLM) {
            return blocks(tokens) * 2 * type.bytes(attention.keyWidth() * BLOCK);
        }
        return windows.stream()
                .mapToLong(window -> 2 * type.bytes(attention.keyWidth() * cells(engine, window, tokens)))
                .sum();
    }

    /** Blocks of all layers in vLLM. */
    private long blocks(long tokens) {
        Map<Integer, Long> layers =
                windows.stream().collect(Collectors.groupingBy(window -> window, Collectors.counting()));
        long fewest = Collections.min(layers.values());
        long most = Collections.max(layers.values());
        long group = 2 * most < 3 * fewest ? most : fewest;
        return layers.entrySet().stream()
                .mapToLong(kind -> group * ceiling(kind.getValue(), group) * blocks(kind.getKey(), tokens))
                .sum();
    }

    private static long blocks(int window, long tokens) {
        if (window == 0) {
            return ceiling(tokens, BLOCK);
        }
        return ceiling(Math.min(window - 1L + STEPS_IN_FLIGHT * STEP_TOKENS, tokens), BLOCK) + 1;
    }

    private static long ceiling(long whole, long part) {
        return (whole + part - 1) / part;
    }

    private static long cells(Engine engine, int window, long tokens) {
        if (engine == Engine.LLAMA_CPP) {
            return cells(window, tokens);
        }
        return window == 0 ? tokens : Math.min(tokens, window - 1L);
    }

    /** Of a layer with a window, 0 for none, in llama.cpp. */
    static long cells(int window, long tokens) {
        long all = rounded(tokens);
        return window == 0 ? all : rounded(Math.min(all, window + (long) ComputeBuffer.BATCH));
    }

    private static long rounded(long tokens) {
        return ceiling(tokens, CELLS) * CELLS;
    }
}
