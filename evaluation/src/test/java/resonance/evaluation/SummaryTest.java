package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SummaryTest {

    @Test
    void matchesValuesWorkedOutByHand() {
        Summary summary = Summary.of(List.of(0.52, 0.54, 0.56, 0.58));
        assertThat(summary.count()).isEqualTo(4);
        assertThat(summary.mean()).isCloseTo(0.55, within(1e-15));
        // Squared distances .0009 + .0001 + .0001 + .0009 = .002, divided by n - 1 = 3.
        assertThat(summary.variance()).isCloseTo(0.002 / 3, within(1e-15));
        assertThat(summary.standardDeviation()).isCloseTo(0.025819888974716, within(1e-14));
        assertThat(summary.standardError()).isCloseTo(0.012909944487358, within(1e-14));
        assertThat(summary.min()).isEqualTo(0.52);
        assertThat(summary.max()).isEqualTo(0.58);
        assertThat(summary.inPercent()).isEqualTo("55.0 ± 2.6");
    }

    @Test
    void aShiftMovesTheMeanAndLeavesTheSpread() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<Double> values = new ArrayList<>();
            List<Double> shifted = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(20); i++) {
                double value = random.nextGaussian();
                values.add(value);
                shifted.add(value + 3);
            }
            Summary before = Summary.of(values);
            Summary after = Summary.of(shifted);
            assertThat(after.mean()).as("seed %d", seed).isCloseTo(before.mean() + 3, within(1e-12));
            assertThat(after.variance()).as("seed %d", seed).isCloseTo(before.variance(), within(1e-12));
        }
    }

    @Test
    void aSingleValueHasNoSpread() {
        Summary summary = Summary.of(List.of(0.5));
        assertThat(summary.variance()).isNaN();
        assertThat(summary.standardError()).isNaN();
        assertThat(summary.inPercent()).isEqualTo("50.0");
    }

    @Test
    void aDivergedValueIsNotAveragedAway() {
        assertThat(Summary.of(List.of(0.5, Double.NaN)).mean()).isNaN();
    }

    @Test
    void refusesNothing() {
        assertThatThrownBy(() -> Summary.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("values must not be empty");
    }
}
