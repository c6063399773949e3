package resonance.evaluation.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.evaluation.ExampleComparison;

class RotationAnglesTest {

    private static final List<RotationAngles> EXAMPLE = ExampleComparison.angles(128);

    @Test
    void aWholeNumberOfTokensInATurnLeavesNoGap() {
        assertThat(EXAMPLE.get(1).wavelength()).isEqualTo(35);
        assertThat(EXAMPLE.get(1).largestGap(64)).isZero();
    }

    @Test
    void otherwiseTheGapIsThatOfTheWavelengthItself() {
        // Feature 6 turns by 2*pi/35.33 a token; compare with a search over all pairs of positions, on the circle.
        double perToken = Math.pow(10000, -12.0 / 64);
        double largest = 0;
        for (int n = 64; n < 128; n++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int m = 0; m < 64; m++) {
                nearest = Math.min(nearest, 2 * Math.asin(Math.abs(Math.sin((n - m) * perToken / 2))));
            }
            largest = Math.max(largest, nearest);
        }
        assertThat(largest).isGreaterThan(0.01);
        assertThat(EXAMPLE.get(0).largestGap(64)).isCloseTo(largest, within(1e-12));
    }

    @Test
    void anglesOnEitherSideOfAFullTurnAreNeighbours() {
        RotationAngles angles = new RotationAngles(encoding("rope"), 0, 6.3, List.of(0.1, 2 * Math.PI - 0.1));
        assertThat(angles.largestGap(1)).isCloseTo(0.2, within(1e-15));
    }

    @Test
    void refusesAnglesBeyondATurnAndLengthsBeyondTheAngles() {
        assertThatThrownBy(() -> new RotationAngles(encoding("rope"), 0, 6.3, List.of(0.0, 7.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("angle of rope at position 1 must be from 0 to 2*pi, was 7.0");
        assertThatThrownBy(() -> EXAMPLE.get(0).largestGap(129))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trainedLength must be from 1 to the 128 positions of the angles of rope, was 129");
    }
}
