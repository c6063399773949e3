package resonance.cli;

import java.util.List;
import java.util.stream.Stream;
import resonance.evaluation.comparison.RotationAngles;
import resonance.experiment.ComparisonSettings;
import resonance.rope.EncodingName;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.analysis.FeatureAnalysis;

/** The rotation angles that a comparison's report shows, see {@link resonance.rope.analysis.FeatureAngles}. */
final class FeatureAngles {
    private FeatureAngles() {}

    /**
     * Angles under {@code rope}, without and with Resonance, of the pre-critical feature with the largest gap without it;
     * empty if training covers no feature's circle, or no encoding rotates.
     */
    static List<RotationAngles> of(ComparisonSettings settings) {
        if (settings.encodings().stream().noneMatch(EncodingName::rotates)) {
            return List.of();
        }
        int trained = settings.data().trainLength();
        int target = settings.data().testLength();
        RopeShape shape =
                RopeShape.of(settings.model().headSize(), settings.encoding().base(), trained);
        EncodingName rope = new EncodingName(NoScaling.ROPE, false);
        RopeFrequencies plain = rope.scaling(ScalingSettings.DEFAULTS).frequencies(shape);
        RopeFrequencies rounded =
                rope.withResonance().scaling(ScalingSettings.DEFAULTS).frequencies(shape);
        return resonance.rope.analysis.FeatureAngles.widestGap(
                        new FeatureAnalysis(plain, trained), new FeatureAnalysis(rounded, trained), target)
                .stream()
                .boxed()
                .flatMap(feature -> Stream.of(
                        angles(rope, plain, feature, target), angles(rope.withResonance(), rounded, feature, target)))
                .toList();
    }

    private static RotationAngles angles(
            EncodingName encoding, RopeFrequencies frequencies, int feature, int positions) {
        resonance.rope.analysis.FeatureAngles angles =
                resonance.rope.analysis.FeatureAngles.of(frequencies, feature, positions);
        return new RotationAngles(encoding, feature, angles.wavelength(), angles.radians());
    }
}
