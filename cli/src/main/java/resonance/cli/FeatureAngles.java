package resonance.cli;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.comparison.RotationAngles;
import resonance.experiment.ComparisonSettings;
import resonance.rope.FeatureAnalysis;
import resonance.rope.NoScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;

/**
 * The rotation angles of one feature without and with Resonance, as in the paper's figure 1: without it, positions beyond
 * the trained length fall between the angles seen in training; with it, on them.
 */
final class FeatureAngles {
    private static final double TURN = 2 * Math.PI;

    private FeatureAngles() {}

    /**
     * Angles under {@code rope} and {@code resonance-rope} of the pre-critical feature with the largest gap without
     * Resonance; empty if training covers no feature's circle.
     */
    static List<RotationAngles> of(ComparisonSettings settings) {
        int trained = settings.data().trainLength();
        int target = settings.data().testLength();
        RopeShape shape =
                RopeShape.of(settings.model().headSize(), settings.encoding().base(), trained);
        RopeFrequencies plain = new NoScaling().frequencies(shape);
        RopeFrequencies rounded = new Resonance(new NoScaling()).frequencies(shape);
        FeatureAnalysis plainFeatures = new FeatureAnalysis(plain, trained);
        FeatureAnalysis roundedFeatures = new FeatureAnalysis(rounded, trained);
        int widest = -1;
        for (int j = 0; j < plain.pairs(); j++) {
            boolean covered = plainFeatures.preCritical(j) && roundedFeatures.preCritical(j);
            if (covered
                    && (widest < 0 || plainFeatures.featureGap(j, target) > plainFeatures.featureGap(widest, target))) {
                widest = j;
            }
        }
        return widest < 0
                ? List.of()
                : List.of(angles("rope", plain, widest, target), angles("resonance-rope", rounded, widest, target));
    }

    private static RotationAngles angles(String encoding, RopeFrequencies frequencies, int feature, int positions) {
        long period = frequencies.periodTokens(feature);
        List<Double> radians = new ArrayList<>(positions);
        for (int position = 0; position < positions; position++) {
            radians.add(
                    period > 0
                            ? TURN * (position % period) / period
                            : position * frequencies.radiansPerToken(feature) % TURN);
        }
        return new RotationAngles(encoding, feature, frequencies.wavelength(feature), radians);
    }
}
