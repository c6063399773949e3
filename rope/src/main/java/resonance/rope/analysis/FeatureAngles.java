package resonance.rope.analysis;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import resonance.rope.RopeFrequencies;

/**
 * The rotation angles of one feature, as in figure 1 of Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071: without
 * Resonance, positions beyond the trained length fall between the angles seen in training; with it, on them.
 *
 * @param feature j
 * @param wavelength tokens
 * @param radians one a position from 0 on, at least 0 and below 2π
 */
public record FeatureAngles(int feature, double wavelength, List<Double> radians) {
    private static final double TURN = 2 * Math.PI;

    public FeatureAngles {
        radians = List.copyOf(radians);
    }

    /** The angles of one feature at positions 0 .. positions-1. */
    public static FeatureAngles of(RopeFrequencies frequencies, int feature, int positions) {
        long period = frequencies.periodTokens(feature);
        long turns = frequencies.turns(feature);
        List<Double> radians = IntStream.range(0, positions)
                .mapToObj(position -> period > 0
                        ? TURN * (position % period * turns % period) / period
                        : position * frequencies.radiansPerToken(feature) % TURN)
                .toList();
        return new FeatureAngles(feature, frequencies.wavelength(feature), radians);
    }

    /**
     * The feature, pre-critical in both, with the largest gap in the first; the first of equals, empty if there is none.
     *
     * @param first without Resonance
     * @param second with it
     */
    public static OptionalInt widestGap(FeatureAnalysis first, FeatureAnalysis second, long targetLength) {
        OptionalInt widest = OptionalInt.empty();
        double gap = -1;
        for (int j = 0; j < first.frequencies().pairs(); j++) {
            if (first.preCritical(j) && second.preCritical(j) && first.featureGap(j, targetLength) > gap) {
                gap = first.featureGap(j, targetLength);
                widest = OptionalInt.of(j);
            }
        }
        return widest;
    }
}
