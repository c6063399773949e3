package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.rope.analysis.FeatureAnalysis;

class WavelengthSearchTest {
    private static final RopeShape POSGEN = RopeShape.of(64, 10_000, 64);
    private static final int SEARCHED_AT_64 = 6;

    @Test
    void theWorstAliasIsWeakerThanThatOfEveryOtherRounding() {
        double searched = worst(frequencies(Rounding.SEARCHED, POSGEN), POSGEN);
        assertThat(searched).isLessThan(worst(new NoScaling().frequencies(POSGEN), POSGEN) - 0.1);
        for (Rounding other : new Rounding[] {Rounding.WHOLE, Rounding.tokens(64), Rounding.wavelengths(4)}) {
            assertThat(searched).as(other.toString()).isLessThan(worst(frequencies(other, POSGEN), POSGEN) - 0.1);
        }
    }

    /** A single pair that could be changed alone for the better would show that the search stopped early. */
    @Test
    void noChangeOfOnePairImprovesIt() {
        RopeFrequencies searched = frequencies(Rounding.SEARCHED, POSGEN);
        double worst = worst(searched, POSGEN);
        for (int pair = 0; pair < SEARCHED_AT_64; pair++) {
            double own = new NoScaling().frequencies(POSGEN).wavelength(pair);
            for (int tokens = 2; tokens <= 64; tokens++) {
                int turns = (int) Math.rint(tokens / own);
                if (turns > 0 && Math.abs(turns * own / tokens - 1) < 0.059 && coprime(tokens, turns)) {
                    assertThat(worst(with(searched, pair, tokens, turns), POSGEN))
                            .as("pair %d as %d/%d", pair, tokens, turns)
                            .isGreaterThanOrEqualTo(worst);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 10000, 64", "128, 10000, 64", "256, 10000, 200", "64, 500000, 32"})
    void noPreCriticalPairHasAGapAndNoFastPairIsFarFromItsFrequency(int headSize, double base, int trainedLength) {
        RopeShape shape = RopeShape.of(headSize, base, trainedLength);
        RopeFrequencies plain = new NoScaling().frequencies(shape);
        RopeFrequencies searched = frequencies(Rounding.SEARCHED, shape);
        FeatureAnalysis analysis = new FeatureAnalysis(searched, trainedLength);
        RopeFrequencies nearest = frequencies(Rounding.tokens(trainedLength), shape);
        for (int pair = 0; pair < shape.pairs(); pair++) {
            if (plain.wavelength(pair) < trainedLength) {
                assertThat(searched.periodTokens(pair)).isBetween(1L, (long) trainedLength);
                assertThat(analysis.featureGap(pair, 4L * trainedLength)).isZero();
            }
            if (NearReturn.of(plain, trainedLength).pairs().contains(pair)) {
                assertThat(searched.radiansPerToken(pair) / plain.radiansPerToken(pair))
                        .isCloseTo(1, within(WavelengthSearch.LARGEST_CHANGE));
            } else {
                assertThat(searched.periodTokens(pair)).isEqualTo(nearest.periodTokens(pair));
                assertThat(searched.turns(pair)).isEqualTo(nearest.turns(pair));
            }
        }
        assertThat(NearReturn.of(searched, trainedLength).pairs())
                .isEqualTo(NearReturn.of(plain, trainedLength).pairs());
    }

    /** Trained unscaled and scaled for evaluation, a model must meet the fast pairs that it knows. */
    @Test
    void aScalingThatLeavesTheFastPairsAloneHasTheSameOnes() {
        RopeFrequencies plain = frequencies(Rounding.SEARCHED, POSGEN);
        RopeFrequencies scaled =
                new Resonance(new YarnScaling(8, 2, 1), Rounding.SEARCHED).frequencies(POSGEN.withSequenceLength(512));
        assertThat(first(scaled)).isEqualTo(first(plain));
        assertThat(scaled.attentionScale()).isGreaterThan(1);
    }

    @Test
    void theSetIsTheOneOfTheDocumentation() {
        assertThat(first(frequencies(Rounding.SEARCHED, POSGEN))).isEqualTo("[59/9, 17/2, 35/3, 31/2, 41/2, 53/2]");
    }

    @Test
    @Timeout(120)
    void longModelsAreSearchedInSeconds() {
        RopeShape llama = RopeShape.of(128, 10_000, 4096);
        assertThat(worst(frequencies(Rounding.SEARCHED, llama), llama))
                .isLessThan(worst(new NoScaling().frequencies(llama), llama) - 0.03);
    }

    @Test
    void whereNoWavelengthIsBelowTheTrainedLengthThereIsNothingToSearch() {
        RopeShape shape = RopeShape.of(8, 10_000, 4);
        assertThat(frequencies(Rounding.SEARCHED, shape)).isEqualTo(frequencies(Rounding.WHOLE, shape));
    }

    private static RopeFrequencies frequencies(Rounding rounding, RopeShape shape) {
        return rounding.after(new NoScaling()).frequencies(shape);
    }

    private static double worst(RopeFrequencies frequencies, RopeShape shape) {
        NearReturn fast = NearReturn.of(frequencies, shape.trainedLength());
        return LongStream.range(shape.trainedLength(), 4L * shape.trainedLength())
                .mapToDouble(fast::similarity)
                .max()
                .orElseThrow();
    }

    private static RopeFrequencies with(RopeFrequencies frequencies, int changed, long tokens, long turns) {
        long[] periods = new long[frequencies.pairs()];
        long[] turnsOfAll = new long[frequencies.pairs()];
        for (int pair = 0; pair < periods.length; pair++) {
            periods[pair] = pair == changed ? tokens : frequencies.periodTokens(pair);
            turnsOfAll[pair] = pair == changed ? turns : frequencies.turns(pair);
        }
        return RopeFrequencies.withPeriods(frequencies.radiansPerToken(), periods, turnsOfAll, 1);
    }

    private static boolean coprime(int first, int second) {
        return second == 0 ? first == 1 : coprime(second, first % second);
    }

    private static String first(RopeFrequencies frequencies) {
        return IntStream.range(0, SEARCHED_AT_64)
                .mapToObj(pair -> frequencies.periodTokens(pair) + "/" + frequencies.turns(pair))
                .toList()
                .toString();
    }
}
