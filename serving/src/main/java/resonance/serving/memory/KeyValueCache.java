package resonance.serving.memory;

import java.util.List;
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
 * batch of {@value #BATCH} ({@code --ubatch-size}), rounded up to 256, unless {@code --swa-full} is given. Executed: SmolLM2-135M at
 * eight types is the size that it prints; windows are read (llama_kv_cache_iswa). transformers 5.18.0 keeps the text's own
 * tokens, and of a layer with a window the last window − 1 (read: DynamicCache). Both share keys and values between the query
 * heads of a group.
 */
public final class KeyValueCache {
    /** The engines that these rules are known of. */
    public static final List<Engine> ENGINES = List.of(Engine.LLAMA_CPP, Engine.TRANSFORMERS_5);

    private static final int BATCH = 512;
    private static final int CELLS = 256;

    private final List<Integer> windows;
    private final AttentionShape attention;

    /** Of a model's decoder. */
    public KeyValueCache(DecoderConfig decoder) {
        windows = decoder.windows();
        attention = decoder.attention();
    }

    /** The types that an engine can keep this model's in. */
    public List<CacheType> types(Engine engine) {
        return switch (engine) {
            case LLAMA_CPP ->
                List.of(CacheType.values()).stream()
                        .filter(type -> type.fits(attention.headSize()))
                        .toList();
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
        return windows.stream()
                .mapToLong(window -> 2 * type.bytes(attention.keyWidth() * cells(engine, window, tokens)))
                .sum();
    }

    private static long cells(Engine engine, int window, long tokens) {
        if (engine == Engine.LLAMA_CPP) {
            long all = rounded(tokens);
            return window == 0 ? all : rounded(Math.min(all, window + (long) BATCH));
        }
        return window == 0 ? tokens : Math.min(tokens, window - 1L);
    }

    private static long rounded(long tokens) {
        return (tokens + CELLS - 1) / CELLS * CELLS;
    }
}
