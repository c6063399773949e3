package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.evaluation.comparison.RotationAngles;
import resonance.experiment.ComparisonSettings;
import resonance.experiment.PosgenData;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class FeatureAnglesTest {
    private static final ComparisonSettings PAPER = ComparisonSettings.paper(1, Precision.FLOAT32, ComputeDevice.CPU);

    @Test
    void showsThatRoundingClosesTheGap() {
        List<RotationAngles> angles = FeatureAngles.of(PAPER);
        assertThat(angles).extracting(angle -> angle.encoding().toString()).containsExactly("rope", "resonance-rope");
        RotationAngles plain = angles.get(0);
        RotationAngles rounded = angles.get(1);
        assertThat(plain.radians()).hasSize(256);
        assertThat(rounded.feature()).isEqualTo(plain.feature()).isBetween(0, 8);
        assertThat(rounded.wavelength())
                .isEqualTo(Math.rint(plain.wavelength()))
                .isLessThan(64);
        assertThat(plain.largestGap(64)).isGreaterThan(0.04);
        assertThat(rounded.largestGap(64)).isZero();
    }

    @Test
    void anglesAreThoseOfThePosition() {
        RotationAngles plain = FeatureAngles.of(PAPER).get(0);
        double radiansPerToken = 2 * Math.PI / plain.wavelength();
        for (int position = 0; position < 256; position++) {
            double angle = plain.radians().get(position);
            assertThat(angle).isBetween(0.0, 2 * Math.PI);
            assertThat(Math.cos(angle)).isCloseTo(Math.cos(position * radiansPerToken), within(1e-12));
            assertThat(Math.sin(angle)).isCloseTo(Math.sin(position * radiansPerToken), within(1e-12));
        }
    }

    @Test
    void thereIsNothingToShowWhereTrainingCoversNoCircle() {
        ComparisonSettings base = SmallSettings.of(1, 1);
        ComparisonSettings shortest = new ComparisonSettings(
                base.tasks(),
                base.encodings(),
                base.seeds(),
                new PosgenData(17, 1, 3, base.data().function(), 5, 32, 60, 5, 10),
                base.model(),
                base.encoding(),
                base.training());
        assertThat(FeatureAngles.of(shortest)).isEmpty();
    }
}
