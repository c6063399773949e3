package resonance.transformer.position;

import java.util.Optional;
import resonance.decoder.AttentionKind;
import resonance.rope.PositionRemap;
import resonance.rope.RopeFrequencies;

/**
 * What a position encoding does to a decoder. There are three places where one can act, and each may be left out:
 *
 * <pre>
 *   input       x_0[t]      = scale · E[token_t] + input[t]                        (D)
 *   rotation    q_t, k_t    = R_t q_t, R_t k_t                                     per pair of features
 *   score bias  score[t, u] = logitScale · q_t·k_u + bias[h][t − u],   u ≤ t       per query head h
 * </pre>
 *
 * <p>Rotary encodings act by rotation ({@link RotaryEncoding}), sinusoidal ones at the input, ALiBi by the bias, and {@link
 * NoEncoding} nowhere. Implementations are values: two that are equal do the same.
 */
public interface PositionEncoding {
    /**
     * Added to the embedded tokens, row-major (positions, width); empty for nothing.
     *
     * @param positions how many, from 0 on
     * @param width D
     */
    default Optional<float[]> input(int positions, int width) {
        return Optional.empty();
    }

    /**
     * How queries and keys are rotated in layers of a kind; empty for not at all.
     *
     * @return as many pairs as half the decoder's head size
     */
    default Optional<RopeFrequencies> rotation(AttentionKind kind) {
        return Optional.empty();
    }

    /**
     * How layers of a kind change the distances of keys that are far from a query; empty for not at all. Trainers refuse it.
     */
    default Optional<PositionRemap> remap(AttentionKind kind) {
        return Optional.empty();
    }

    /**
     * Added to the attention scores by distance, row-major (heads, distances), finite; empty for nothing.
     *
     * @param heads query heads
     * @param distances how many, from 0 (a token and itself) on
     */
    default Optional<float[]> scoreBias(int heads, int distances) {
        return Optional.empty();
    }
}
