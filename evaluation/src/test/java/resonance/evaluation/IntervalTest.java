package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

    /** As in any printed table of Student's t, two-sided. */
    @ParameterizedTest
    @CsvSource({
        "0.95, 1, 12.7062", "0.95, 2, 4.3027", "0.95, 3, 3.1824", "0.95, 4, 2.7764", "0.95, 5, 2.5706",
        "0.95, 9, 2.2622", "0.95, 10, 2.2281", "0.95, 30, 2.0423", "0.95, 31, 2.0395", "0.95, 120, 1.9799",
        "0.95, 10000, 1.9602", "0.99, 1, 63.6567", "0.99, 4, 4.6041", "0.90, 2, 2.9200", "0.50, 7, 0.7111"
    })
    void quantilesAreThoseOfTheTable(double confidence, int degreesOfFreedom, double t) {
        assertThat(StudentT.twoSided(confidence, degreesOfFreedom)).isCloseTo(t, within(5.1e-5));
    }

    @Test
    void quantilesWithAClosedFormAreExact() {
        assertThat(StudentT.twoSided(0.95, 1)).isCloseTo(Math.tan(Math.PI / 2 * 0.95), within(1e-11));
        // F(t) = 1/2 + t / (2 sqrt(2 + t²)) solved for t.
        assertThat(StudentT.twoSided(0.95, 2)).isCloseTo(0.95 * Math.sqrt(2 / (1 - 0.95 * 0.95)), within(1e-12));
    }

    @Test
    void matchesAnIntervalWorkedOutByHand() {
        Interval interval = Interval.of(Summary.of(List.of(0.10, 0.02, -0.04, 0.00)));
        // Mean .02, sample variance .0104 / 3, standard error sqrt(.0104 / 12) = .029439, t = 3.182446.
        assertThat(interval.units()).isEqualTo(4);
        assertThat(interval.mean()).isCloseTo(0.02, within(1e-15));
        assertThat(interval.low()).isCloseTo(0.02 - 0.093689, within(1e-6));
        assertThat(interval.high()).isCloseTo(0.02 + 0.093689, within(1e-6));
        assertThat(interval.times(100).text(1)).isEqualTo("+2.0 [−7.4, +11.4]");
        assertThat(interval.verdict(true)).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void unitsOfOneWeightAreValuesAndAHeavierUnitPullsTheMean() {
        Interval values = Interval.of(Summary.of(List.of(1.0, 3.0, 8.0)));
        Interval weighted = Interval.ofSums(List.of(5.0, 15.0, 40.0), List.of(5.0, 5.0, 5.0));
        assertThat(weighted.mean()).isEqualTo(values.mean());
        assertThat(weighted.low()).isCloseTo(values.low(), within(1e-12));
        assertThat(weighted.high()).isCloseTo(values.high(), within(1e-12));
        // Sums 2 and 12 over weights 1 and 3: mean 3.5, residuals ∓1.5, error sqrt(2 · 4.5) / 4 = .75.
        Interval two = Interval.ofSums(List.of(2.0, 12.0), List.of(1.0, 3.0));
        assertThat(two.mean()).isEqualTo(3.5);
        assertThat(two.high()).isCloseTo(3.5 + 0.75 * 12.706205, within(1e-6));
    }

    /** Means 2 and 6 of groups of three and of one: 4. A unit's share of its group is its weight: 1/3, 1/3, 1/3 and 1. */
    @Test
    void groupsCountAlikeWhateverTheNumberOfTheirUnits() {
        Interval grouped = Interval.ofGroups(
                List.of("a", "b", "a", "a"), List.of(1.0, 6.0, 2.0, 3.0), List.of(5.0, 7.0, 5.0, 5.0));
        assertThat(grouped.units()).isEqualTo(4);
        assertThat(grouped.mean()).isCloseTo(4, within(1e-12));
        assertThat(grouped)
                .isEqualTo(Interval.ofSums(
                        List.of(1.0 / 3 * 1, 6.0, 1.0 / 3 * 2, 1.0 / 3 * 3), List.of(1.0 / 3, 1.0, 1.0 / 3, 1.0 / 3)));
    }

    @Test
    void aDifferenceIsDecidedWhereTheWholeIntervalIsOnOneSide() {
        assertThat(new Interval(5, 2, 0.1, 3.9).verdict(true)).isEqualTo(Verdict.BETTER);
        assertThat(new Interval(5, 2, 0.1, 3.9).verdict(false)).isEqualTo(Verdict.WORSE);
        assertThat(new Interval(5, -2, -3.9, -0.1).verdict(true)).isEqualTo(Verdict.WORSE);
        assertThat(new Interval(5, -2, -3.9, -0.1).verdict(false)).isEqualTo(Verdict.BETTER);
        assertThat(new Interval(5, 2, 0, 4).verdict(true)).isEqualTo(Verdict.UNDECIDED);
        assertThat(new Interval(5, -2, -4, 0).verdict(true)).isEqualTo(Verdict.UNDECIDED);
        assertThat(Verdict.UNDECIDED.word()).isEqualTo("undecided");
    }

    @Test
    void oneUnitHasNoIntervalAndDecidesNothing() {
        Interval one = Interval.of(Summary.of(List.of(0.4)));
        assertThat(one.low()).isNaN();
        assertThat(one.high()).isNaN();
        assertThat(one.verdict(true)).isEqualTo(Verdict.UNDECIDED);
        assertThat(one.text(1)).isEqualTo("+0.4");
    }

    /** Five that agree are as likely as 1 in 16 without any effect, six as 1 in 32. 0.1 and its mean differ by rounding. */
    @Test
    void unitsThatAllAgreeDecideWhereSignFlipsCanAndEqualSidesDoNot() {
        Interval five = Interval.of(Summary.of(Collections.nCopies(5, 0.1)));
        assertThat(five.isOfFewAlike()).isTrue();
        assertThat(five.verdict(true)).isEqualTo(Verdict.UNDECIDED);
        assertThat(Interval.ofSums(List.of(0.1, 0.3), List.of(1.0, 3.0)).verdict(true))
                .isEqualTo(Verdict.UNDECIDED);
        assertThat(Interval.of(Summary.of(Collections.nCopies(6, 0.1))).verdict(true))
                .isEqualTo(Verdict.BETTER);
        assertThat(Interval.of(Summary.of(List.of(0.25, 0.2500001))).verdict(true))
                .isEqualTo(Verdict.BETTER);
        assertThat(Interval.of(Summary.of(List.of(0.0, 0.0, 0.0))).verdict(true))
                .isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void textRoundsWithoutANegativeZero() {
        assertThat(new Interval(2, -0.04, -0.06, 0.04).text(1)).isEqualTo("+0.0 [−0.1, +0.0]");
        assertThat(new Interval(2, Double.NaN, Double.NaN, Double.NaN).text(1)).isEqualTo("NaN");
    }

    /** 20,000 studies of five seeds: the share that cover is 95 % within four standard errors of 0.15 points. */
    @Test
    void theIntervalOfNormalUnitsCoversTheTruthInNinetyFivePercent() {
        Random random = new Random(71);
        int covered = 0;
        int normalCovered = 0;
        for (int study = 0; study < 20_000; study++) {
            List<Double> differences = new ArrayList<>();
            for (int seed = 0; seed < 5; seed++) {
                differences.add(0.3 + random.nextGaussian());
            }
            Interval interval = Interval.of(Summary.of(differences));
            covered += interval.low() <= 0.3 && 0.3 <= interval.high() ? 1 : 0;
            double error = Summary.of(differences).standardError();
            normalCovered += Math.abs(interval.mean() - 0.3) <= 1.96 * error ? 1 : 0;
        }
        assertThat(covered / 20_000.0).isBetween(0.944, 0.956);
        // Why t: the javadoc's 88 %.
        assertThat(normalCovered / 20_000.0).isBetween(0.87, 0.89);
    }

    @Test
    void asManyDecimalsAreShownAsItTakesToSeeWhatIsDecided() {
        assertThat(new Interval(9, -0.07, -0.15, -0.0012).decidingText(2)).isEqualTo("−0.070 [−0.150, −0.001]");
        assertThat(new Interval(9, -0.07, -0.15, 0.0012).decidingText(2)).isEqualTo("−0.07 [−0.15, +0.00]");
        assertThat(new Interval(9, 1, 0.000001, 2).decidingText(1)).isEqualTo("+1.0000 [+0.0000, +2.0000]");
        assertThat(new Interval(1, 0.5, Double.NaN, Double.NaN).decidingText(2)).isEqualTo("+0.50");
    }

    @Test
    void refusesUnitsThatMakeNoSense() {
        assertThatThrownBy(() -> Interval.ofSums(List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sums and weights must be as many and at least one, were 1 and 0");
        assertThatThrownBy(() -> Interval.ofSums(List.of(1.0), List.of(0.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights must be above 0, found 0.0");
        assertThatThrownBy(() -> StudentT.twoSided(1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("confidence must be above 0 and below 1, was 1.0");
        assertThatThrownBy(() -> StudentT.twoSided(0.95, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("degreesOfFreedom must be at least 1, was 0");
    }
}
