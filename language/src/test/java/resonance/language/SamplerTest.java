package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
    /** Probabilities 1/2, 1/4, 1/8, 1/8 in the order 2, 0, 1, 3. */
    private static final float[] LOGITS = {ln(0.25), ln(0.125), ln(0.5), ln(0.125)};

    private static final int DRAWS = 20_000;

    private static float ln(double probability) {
        return (float) Math.log(probability);
    }

    private static double[] shares(SamplingSettings settings, float[] logits) {
        Sampler sampler = new Sampler(settings);
        double[] shares = new double[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            shares[sampler.choose(logits)] += 1.0 / DRAWS;
        }
        return shares;
    }

    @Test
    void greedyTakesTheLargestLogitAndTheSmallerIdAmongEquals() {
        assertThat(new Sampler(SamplingSettings.GREEDY).choose(LOGITS)).isEqualTo(2);
        assertThat(new Sampler(SamplingSettings.GREEDY).choose(new float[] {-3, -1, -1, -2}))
                .isEqualTo(1);
        assertThat(new Sampler(SamplingSettings.GREEDY).choose(new float[] {-0f, 0f, Float.NEGATIVE_INFINITY}))
                .isZero();
    }

    /** Standard deviation of a share is at most 0.0036; 0.018 is five of them. */
    @ParameterizedTest(name = "temperature {0}, topK {1}, topP {2}, minP {3}")
    @CsvSource({
        // the distribution itself
        "1, 0, 1, 0, 0.25, 0.125, 0.5, 0.125",
        // squared and renormalised: 1/4, 1/16, 1/64, 1/64 of 22/64
        "0.5, 0, 1, 0, 0.181818, 0.045455, 0.727273, 0.045455",
        // two likeliest
        "1, 2, 1, 0, 0.333333, 0, 0.666667, 0",
        // token 1 comes before its equal, token 3
        "1, 3, 1, 0, 0.285714, 0.142857, 0.571429, 0",
        // 1/2 is below 0.6, 1/2 + 1/4 is not
        "1, 0, 0.6, 0, 0.333333, 0, 0.666667, 0",
        // 1/2 reaches 0.5
        "1, 0, 0.5, 0, 0, 0, 1, 0",
        // of the two that top-k left, the first has 2/3
        "1, 2, 0.66, 0, 0, 0, 1, 0",
        // 1/8 is below 0.3 times 1/2
        "1, 0, 1, 0.3, 0.333333, 0, 0.666667, 0",
        "1, 0, 1, 0.2, 0.25, 0.125, 0.5, 0.125",
        "1, 1, 1, 0, 0, 0, 1, 0",
        "1, 100, 1, 0, 0.25, 0.125, 0.5, 0.125"
    })
    void sharesAreThoseComputedByHand(
            double temperature, int topK, double topP, double minP, double p0, double p1, double p2, double p3) {
        double[] shares = shares(new SamplingSettings(temperature, topK, topP, minP, 1, 20261122), LOGITS);
        double[] expected = {p0, p1, p2, p3};
        for (int token = 0; token < 4; token++) {
            if (expected[token] == 0) {
                assertThat(shares[token]).isZero();
            } else {
                assertThat(shares[token]).isCloseTo(expected[token], within(0.018));
            }
        }
    }

    @Test
    void theRepetitionPenaltyDividesPositiveAndMultipliesNegativeLogitsOfSeenTokens() {
        Sampler sampler = new Sampler(new SamplingSettings(0, 0, 1, 0, 2, 0));
        sampler.see(0);
        assertThat(sampler.choose(new float[] {3, 2, -1})).isEqualTo(1); // 3/2 < 2
        assertThat(sampler.choose(new float[] {3, 2, -1})).isZero(); // now 3/2 > 2/2
        assertThat(sampler.choose(new float[] {-1, -1.5f, -1.9f})).isEqualTo(2); // -2, -3, -1.9
    }

    @Test
    void theSameSeedChoosesTheSameTokensAndAnotherSeedOthers() {
        SamplingSettings first = new SamplingSettings(1, 0, 1, 0, 1, 1);
        SamplingSettings second = new SamplingSettings(1, 0, 1, 0, 1, 2);
        assertThat(chosen(first)).isEqualTo(chosen(first)).isNotEqualTo(chosen(second));
    }

    private static int[] chosen(SamplingSettings settings) {
        Sampler sampler = new Sampler(settings);
        return IntStream.range(0, 100).map(i -> sampler.choose(LOGITS)).toArray();
    }

    @Test
    void aVeryLowTemperatureIsGreedyOnRandomLogits() {
        Random random = new Random(7);
        Sampler cold = new Sampler(new SamplingSettings(1e-6, 0, 1, 0, 1, 3));
        for (int round = 0; round < 200; round++) {
            float[] logits = new float[50];
            IntStream.range(0, logits.length).forEach(i -> logits[i] = (float) random.nextGaussian());
            assertThat(cold.choose(logits)).isEqualTo(new Sampler(SamplingSettings.GREEDY).choose(logits));
        }
    }

    @Test
    void rejectsLogitsThatAreNotNumbersOrNotFinite() {
        Sampler sampler = new Sampler(SamplingSettings.GREEDY);
        assertThatThrownBy(() -> sampler.choose(new float[] {1, Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("logits must be numbers, the one of token 1 was NaN");
        assertThatThrownBy(() -> sampler.choose(new float[] {Float.NEGATIVE_INFINITY}))
                .hasMessage("the largest logit must be finite, was -Infinity");
        assertThatThrownBy(() -> sampler.choose(new float[] {1, Float.POSITIVE_INFINITY}))
                .hasMessage("the largest logit must be finite, was Infinity");
        assertThatThrownBy(() -> sampler.choose(new float[0]))
                .hasMessage("the largest logit must be finite, was absent");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1  | 0  | 1   | 0  | 1 | temperature must be a finite number of at least 0, was -1.0; 0 is greedy",
                "NaN | 0  | 1   | 0  | 1 | temperature must be a finite number of at least 0, was NaN; 0 is greedy",
                "1   | -1 | 1   | 0  | 1 | topK must be at least 0, was -1; 0 keeps all tokens",
                "1   | 0  | 0   | 0  | 1 | topP must be above 0 and at most 1, was 0.0; 1 keeps all tokens",
                "1   | 0  | 1.5 | 0  | 1 | topP must be above 0 and at most 1, was 1.5; 1 keeps all tokens",
                "1   | 0  | 1   | 1  | 1 | minP must be at least 0 and below 1, was 1.0; 0 keeps all tokens",
                "1   | 0  | 1   | 0  | 0 | repetitionPenalty must be a finite number above 0, was 0.0; 1 changes nothing"
            })
    void rejectsSettingsOutOfRange(
            double temperature, int topK, double topP, double minP, double repetitionPenalty, String message) {
        assertThatThrownBy(() -> new SamplingSettings(temperature, topK, topP, minP, repetitionPenalty, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
