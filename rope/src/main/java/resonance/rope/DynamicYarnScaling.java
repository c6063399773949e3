package resonance.rope;

import static java.util.Objects.requireNonNull;

/**
 * YaRN that stretches only as far as the current text needs: {@link YarnScaling} with
 * {@code s = max(minimum.factor, sequenceLength / trainedLength)}, frequencies and attention scale alike.
 *
 * <p>Peng et al., "YaRN", 2023, arXiv:2309.00071, section 3.3 (dynamic scaling) with section 3.4. A minimum factor of
 * 1 is for a model that was not fine-tuned; a fine-tuned one starts from the factor of its fine-tuning, as in the
 * authors' code. An attention factor given in {@code minimum} stays as it is at every length.
 *
 * @param minimum bounds, attention settings and the smallest factor
 */
public record DynamicYarnScaling(YarnScaling minimum) implements RopeScaling {
    /** By name; the smallest factor is 1. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "dynamic-yarn",
            "Dynamic YaRN",
            YarnScaling.SOURCE,
            DynamicYarnScaling.class,
            YarnScaling.BESIDE_FACTOR,
            settings -> new DynamicYarnScaling(YarnScaling.of(1, settings)));

    public DynamicYarnScaling {
        requireNonNull(minimum, "minimum must not be null");
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double stretch = shape.sequenceLength() / (double) shape.trainedLength();
        return minimum.withFactor(Math.max(minimum.factor(), stretch)).frequencies(shape);
    }

    @Override
    public double factor() {
        return minimum.factor();
    }

    @Override
    public boolean dependsOnSequenceLength() {
        return true;
    }
}
