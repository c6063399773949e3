package resonance.transformer;

/** Where a decoder's parameters come from when it is loaded: a file, or another decoder. */
@FunctionalInterface
public interface WeightSource {
    /**
     * Reads consecutive elements of a parameter, row-major float32.
     *
     * @param name as in {@link ParameterLayout}
     * @param firstElement index of the first; a multiple of the row length
     * @param count how many; whole rows
     */
    void read(String name, long firstElement, int count, float[] target, int offset);
}
