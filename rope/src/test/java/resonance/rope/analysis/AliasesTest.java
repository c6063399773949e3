package resonance.rope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import resonance.rope.NearReturn;
import resonance.rope.NoScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.analysis.Aliases.Alias;

class AliasesTest {
    private static final RopeShape POSGEN = RopeShape.of(64, 10_000, 64);
    private static final RopeFrequencies PLAIN = new NoScaling().frequencies(POSGEN);
    private static final RopeFrequencies WHOLE = new Resonance(new NoScaling()).frequencies(POSGEN);

    /** Wavelengths 6, 8, 11, 15, 20 and 26: four of them return after lcm(6, 8, 15, 20), which every seed falls at. */
    @Test
    void wholeWavelengthsHaveTheirAliasAtTheirLeastCommonMultiple() {
        List<Alias> aliases = Aliases.of(WHOLE, 64, 256).strongest();
        assertThat(aliases.get(0).distance()).isEqualTo(120);
        assertThat(aliases.get(0).pairs()).contains(0, 1, 3, 4);
        assertThat(aliases.get(1).distance()).isEqualTo(240);
        FeatureAnalysis analysis = new FeatureAnalysis(WHOLE, 64);
        assertThat(analysis.repeatPeriod(List.of(0, 1, 3, 4))).contains(BigInteger.valueOf(120));
    }

    @Test
    void fractionsRepeatTogetherAfterTheLeastCommonMultipleOfTheirTokens() {
        RopeFrequencies fractions = RopeFrequencies.withPeriods(
                new double[5], new long[] {44, 42, 6, 0, Integer.MAX_VALUE}, new long[] {7, 5, 1, 0, 2}, 1);
        FeatureAnalysis analysis = new FeatureAnalysis(fractions, 64);
        assertThat(analysis.repeatPeriod(List.of(0, 1, 2))).contains(BigInteger.valueOf(924));
        assertThat(analysis.repeatPeriod(List.of(0, 4)))
                .contains(BigInteger.valueOf(44L).multiply(BigInteger.valueOf(Integer.MAX_VALUE)));
        assertThat(analysis.repeatPeriod(List.of(0, 3))).isEmpty();
        assertThat(analysis.repeatPeriod(List.of())).contains(BigInteger.ONE);
    }

    @Test
    void anAliasIsAboveItsNeighboursAndFarFromStrongerOnes() {
        for (RopeFrequencies frequencies : List.of(PLAIN, WHOLE)) {
            NearReturn fast = NearReturn.of(frequencies, 64);
            List<Alias> aliases = Aliases.of(frequencies, 64, 256).strongest();
            assertThat(aliases).hasSize(Aliases.MOST);
            for (int i = 0; i < aliases.size(); i++) {
                Alias alias = aliases.get(i);
                assertThat(alias.similarity()).isEqualTo(fast.similarity(alias.distance()));
                assertThat(alias.distance()).isBetween(64L, 255L);
                if (alias.distance() > 64) {
                    assertThat(alias.similarity()).isGreaterThan(fast.similarity(alias.distance() - 1));
                }
                for (Alias stronger : aliases.subList(0, i)) {
                    assertThat(stronger.similarity()).isGreaterThanOrEqualTo(alias.similarity());
                    assertThat(Math.abs(stronger.distance() - alias.distance())).isGreaterThanOrEqualTo(13);
                }
            }
        }
    }

    @Test
    void theStrongestIsTheStrongestOfAllDistances() {
        NearReturn fast = NearReturn.of(PLAIN, 64);
        double strongest = 0;
        for (int distance = 64; distance < 256; distance++) {
            strongest = Math.max(strongest, fast.similarity(distance));
        }
        assertThat(Aliases.of(PLAIN, 64, 256).strongest().get(0).similarity()).isEqualTo(strongest);
    }

    @Test
    void thereAreNoneWithoutALaterDistanceOrAFastFeature() {
        assertThat(Aliases.of(PLAIN, 64, 64).strongest()).isEmpty();
        Aliases still = Aliases.of(PLAIN, 12, 64);
        assertThat(still.features()).isEmpty();
        assertThat(still.strongest()).isEmpty();
    }

    @Test
    @Timeout(20)
    void aVastTargetIsSearchedUpToTheHorizon() {
        Aliases aliases = Aliases.of(PLAIN, 64, 1L << 53);
        assertThat(aliases.searchedTo()).isEqualTo(64 + Aliases.HORIZON);
        assertThat(aliases.strongest()).allMatch(alias -> alias.distance() < 64 + Aliases.HORIZON);
    }

    @Test
    void aTargetShorterThanTheTrainedLengthIsRefused() {
        assertThatThrownBy(() -> Aliases.of(PLAIN, 64, 63))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("targetLength must be from trainedLength (64) to 2^53, was 63");
    }

    @Test
    void featuresCountThatTurnTwiceAndAreNotMuchSlowerThanTheFastest() {
        // Wavelengths 6.28, 12.6, 31.4, 33.3 and 157 tokens, and one that does not rotate.
        RopeFrequencies mixed = RopeFrequencies.of(new double[] {0, 0.04, 0.2, 1, 0.189, 0.5}, 1);
        assertThat(NearReturn.of(mixed, 64).pairs()).containsExactly(2, 3, 5);
        assertThat(NearReturn.of(mixed, 1000).pairs()).containsExactly(2, 3, 4, 5);
        RopeFrequencies partial = new ProportionalScaling(0.25, 1).frequencies(RopeShape.of(8, 10_000, 64));
        assertThat(NearReturn.of(partial, 64).pairs()).containsExactly(0);
        assertThat(NearReturn.of(PLAIN, 12).pairs()).isEmpty();
        assertThat(NearReturn.of(PLAIN, 12).similarity(44)).isEqualTo(-1);
    }

    @Test
    void aFeatureCountsByItsFrequency() {
        RopeFrequencies two = RopeFrequencies.withPeriods(new double[2], new long[] {6, 12}, 1);
        NearReturn fast = NearReturn.of(two, 64);
        assertThat(fast.similarity(0)).isEqualTo(1);
        assertThat(fast.similarity(12)).isEqualTo(1);
        // The fast one, of twice the weight, is back; the slow one is opposite.
        assertThat(fast.similarity(6)).isCloseTo((2 - 1) / 3.0, within(1e-15));
        assertThat(fast.returning(6)).containsExactly(0);
        assertThat(fast.returning(0)).containsExactly(0, 1);
    }

    @Test
    void aPositionMeetsTheStrongestAliasOfTheFourTokensBeforeIt() {
        NearReturn fast = NearReturn.of(WHOLE, 64);
        double strongest = fast.similarity(120);
        assertThat(List.of(121L, 122L, 123L, 124L)).allMatch(position -> fast.aliasAt(position) == strongest);
        assertThat(fast.aliasAt(120)).isLessThan(strongest);
        assertThat(fast.aliasAt(125)).isLessThan(strongest);
    }
}
