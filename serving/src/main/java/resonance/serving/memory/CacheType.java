package resonance.serving.memory;

import java.util.Locale;

/**
 * How an engine stores keys and values: as floats, of eight bits in vLLM alone ({@code --kv-cache-dtype}, with one scale a tensor), or
 * quantised in blocks of 32 that share scales, in llama.cpp alone ({@code --cache-type-k}, {@code --cache-type-v}; quantised values ask
 * for {@code --flash-attn on}).
 *
 * <p>The blocks are ggml's: a float16 scale and 32 numbers, in types that end on 1 a float16 smallest value too, and in those of
 * 5 bits four bytes of highest bits. {@code iq4_nl} is as large as {@link #Q4_0}.
 */
public enum CacheType {
    F32(1, 4),
    F16(1, 2),
    BF16(1, 2),
    FP8(1, 1),
    Q8_0(32, 34),
    Q5_1(32, 24),
    Q5_0(32, 22),
    Q4_1(32, 20),
    Q4_0(32, 18);

    private final int blockElements;
    private final int blockBytes;

    CacheType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** The name that the engines' options take: {@code q8_0}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether llama.cpp has it, and its blocks fit into a head, as that asks. */
    public boolean fits(int headSize) {
        return this != FP8 && headSize % blockElements == 0;
    }

    /** Bytes of so many elements, a whole number of blocks. */
    long bytes(long elements) {
        return elements / blockElements * blockBytes;
    }
}
