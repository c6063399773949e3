package resonance.decoder;

import java.util.List;

/**
 * One parameter of a decoder; {@link DecoderConfig#parameters} makes them.
 *
 * @param role what it does
 * @param layer whose it is, counted from 0; {@link #NO_LAYER} for one outside the layers
 * @param shape its dimensions, row-major: one or two
 */
public record Parameter(ParameterRole role, int layer, List<Long> shape) {
    /** The layer of parameters that belong to none. */
    public static final int NO_LAYER = -1;

    public Parameter {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Elements of a row of a matrix; 1 for a vector, whose rows are its elements. */
    public int columns() {
        return shape.size() == 1 ? 1 : Math.toIntExact(shape.get(1));
    }

    /** {@code embedding}, {@code layer.0.attention.query}, {@code layer.1.feedForward.norm}, {@code finalNorm}, ... */
    public String name() {
        return name(role, layer);
    }

    static String name(ParameterRole role, int layer) {
        return layer == NO_LAYER ? role.label() : "layer." + layer + "." + role.label();
    }

    @Override
    public String toString() {
        return name() + shape;
    }
}
