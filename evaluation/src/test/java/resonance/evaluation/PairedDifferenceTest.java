package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

    @Test
    void matchesValuesWorkedOutByHand() {
        PairedDifference difference =
                PairedDifference.of(List.of(0.70, 0.50, 0.29, 0.41), List.of(0.60, 0.48, 0.33, 0.41));
        // Differences .10 .02 -.04 .00: mean .02; squares .012, minus 4 * .02^2, over 3.
        assertThat(difference.count()).isEqualTo(4);
        assertThat(difference.differences().mean()).isCloseTo(0.02, within(1e-15));
        assertThat(difference.differences().variance()).isCloseTo((0.012 - 0.0016) / 3, within(1e-15));
        assertThat(difference.better()).isEqualTo(2);
        assertThat(difference.worse()).isEqualTo(1);
        assertThat(difference.inPoints()).isEqualTo("+2.0 [−7.4, +11.4]");
        assertThat(difference.verdict()).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void whatASeedMakesEasyOrHardCancels() {
        PairedDifference difference = PairedDifference.of(
                List.of(0.95, 0.55, 0.25, 0.75, 0.45, 0.35), List.of(0.85, 0.45, 0.15, 0.65, 0.35, 0.25));
        assertThat(difference.differences().mean()).isCloseTo(0.1, within(1e-15));
        assertThat(difference.differences().standardError()).isLessThan(1e-15);
        assertThat(difference.verdict()).isEqualTo(Verdict.BETTER);
    }

    @Test
    void swappingTheSidesTurnsTheSign() {
        List<Double> a = List.of(0.7, 0.4, 0.9);
        List<Double> b = List.of(0.6, 0.5, 0.2);
        assertThat(PairedDifference.of(a, b).inPoints()).isEqualTo("+23.3 [−80.1, +126.8]");
        assertThat(PairedDifference.of(b, a).inPoints()).isEqualTo("−23.3 [−126.8, +80.1]");
        assertThat(PairedDifference.of(b, a).better())
                .isEqualTo(PairedDifference.of(a, b).worse());
    }

    @Test
    void aSinglePairHasNoIntervalAndZeroHasNoMinus() {
        PairedDifference single = PairedDifference.of(List.of(0.50), List.of(0.40));
        assertThat(single.inPoints()).isEqualTo("+10.0");
        assertThat(single.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(PairedDifference.of(List.of(0.4999), List.of(0.5)).inPoints())
                .isEqualTo("+0.0");
    }

    @Test
    void aNarrowIntervalHasTheDecimalsThatShowWhatItDecides() {
        List<Double> zeros = List.of(0.0, 0.0, 0.0);
        assertThat(PairedDifference.of(List.of(0.001, 0.0012, 0.0008), zeros).inPoints())
                .isEqualTo("+0.10 [+0.05, +0.15]");
        assertThat(PairedDifference.of(List.of(0.0001, 0.00013, 0.00007), zeros).inPoints())
                .isEqualTo("+0.010 [+0.003, +0.017]");
    }

    @Test
    void refusesSidesOfDifferentLength() {
        assertThatThrownBy(() -> PairedDifference.of(List.of(0.5, 0.6), List.of(0.5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("treatment and baseline must have as many values, had 2 and 1");
    }
}
