package resonance.rope;

import java.util.List;

/**
 * What is known of a position encoding before it has any settings: RoPE with a scaling, one that does not rotate,
 * or RoPE with positions remapped.
 *
 * <p>{@link RopeEncodings} is the catalogue of all.
 */
public sealed interface EncodingMethod permits ScalingMethod, NonRotaryMethod, RemapMethod {
    /** Lower-case letters, digits and hyphens. */
    String name();

    /** For tables and charts: "YaRN", "ALiBi". */
    String label();

    /** Where it is from, or what it does, in a few words. */
    String source();

    /** What it reads. */
    List<Parameter<?>> parameters();
}
