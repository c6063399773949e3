package resonance.rope.gguf;

/** Names in a GGUF file that concern positions; keys stand after the architecture's name and a dot. */
public final class GgufKeys {
    public static final String ARCHITECTURE = "general.architecture";

    public static final String CONTEXT_LENGTH = "context_length";
    public static final String DIMENSION_COUNT = "rope.dimension_count";
    public static final String BASE = "rope.freq_base";
    public static final String SLIDING_BASE = "rope.freq_base_swa";
    public static final String SCALING_TYPE = "rope.scaling.type";
    public static final String FACTOR = "rope.scaling.factor";

    /** The former name of {@link #FACTOR}. */
    public static final String FORMER_FACTOR = "rope.scale_linear";

    public static final String TRAINED_LENGTH = "rope.scaling.original_context_length";
    public static final String MAGNITUDE = "rope.scaling.attn_factor";

    /** What the names of all settings of a scaling begin with, known or not. */
    public static final String SCALING = "rope.scaling.";

    /** A tensor with a divisor for every pair. */
    public static final String DIVISORS = "rope_freqs.weight";

    /** LongRoPE's tensor for texts above the trained length. */
    public static final String LONG_DIVISORS = "rope_factors_long.weight";

    /** LongRoPE's tensor for other texts. */
    public static final String SHORT_DIVISORS = "rope_factors_short.weight";

    /** Name of the encoding that an export of ours wrote; a key of the whole file, which engines don't read. */
    public static final String EXPORTED_ENCODING = "resonance.encoding";

    private GgufKeys() {}
}
