package resonance.rope;

/**
 * A scaling that is another base and nothing else: {@code theta'_j = base'^(-2j/headSize)}, attention scale 1. A model's file can
 * say it as its base.
 */
public interface ChangedBase extends RopeScaling {
    /**
     * The base in use for a model of this shape.
     *
     * @throws IllegalArgumentException if the method is not defined for this shape
     */
    double scaledBase(RopeShape shape);

    @Override
    default RopeFrequencies frequencies(RopeShape shape) {
        return RopeFrequencies.of(shape.withBase(scaledBase(shape)).radiansPerToken(), 1);
    }
}
