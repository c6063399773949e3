package resonance.rope;

/**
 * A way to choose the frequency of every pair for a model that reads more than it was trained on.
 *
 * <p>Implementations are immutable values and compute in double. The interface is open: implement it to
 * try a method of your own; {@link Resonance} composes with it, and a {@link ScalingProvider} gives it a name.
 */
public interface RopeScaling {
    /**
     * Frequencies for a model of this shape, one per pair, and the factor on cosine and sine.
     *
     * @throws IllegalArgumentException if the method is not defined for this shape
     */
    RopeFrequencies frequencies(RopeShape shape);

    /** Factor s, in the meaning that the method gives it, such as {@link Parameter#FACTOR}; 1 if it has none. */
    default double factor() {
        return 1;
    }

    /** What it is called in a model that came with it: the name of its method, as far as that is {@linkplain RopeEncodings known}. */
    default String label() {
        return RopeEncodings.installed().methods().stream()
                .filter(method -> method.type().isInstance(this))
                .map(ScalingMethod::name)
                .findFirst()
                .orElse(getClass().getSimpleName());
    }

    /**
     * True if {@link RopeShape#sequenceLength()} changes the frequencies, so that they must be computed again as the
     * text grows (and keys already rotated with the old ones no longer fit).
     */
    default boolean dependsOnSequenceLength() {
        return false;
    }
}
