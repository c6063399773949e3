package resonance.evaluation.perplexity;

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
import org.junit.jupiter.params.provider.ValueSource;

class LossesAddedUpTest {

    @Test
    void partsAddUpToOnePassOverAll() {
        Random random = new Random(61);
        for (int round = 0; round < 100; round++) {
            LossSum whole = LossSum.NONE;
            LossSum parts = LossSum.NONE;
            LossSum part = LossSum.NONE;
            int losses = 1 + random.nextInt(200);
            for (int i = 0; i < losses; i++) {
                // Quarters add up without rounding.
                double loss = random.nextInt(80) / 4.0;
                whole = whole.plus(loss);
                part = part.plus(loss);
                if (random.nextInt(5) == 0) {
                    parts = parts.plus(part);
                    part = LossSum.NONE;
                }
            }
            assertThat(parts.plus(part)).as("round %d", round).isEqualTo(whole);
            assertThat(part.plus(parts)).as("round %d", round).isEqualTo(whole);
            assertThat(whole.count()).isEqualTo(losses);
        }
    }

    @Test
    void theStandardErrorIsThatOfTheMeanThroughTheExponential() {
        Random random = new Random(62);
        for (int round = 0; round < 50; round++) {
            int count = 2 + random.nextInt(100);
            double[] losses = random.doubles(count, 0, 5).toArray();
            LossSum sum = LossSum.NONE;
            double mean = 0;
            for (double loss : losses) {
                sum = sum.plus(loss);
                mean += loss / count;
            }
            double squares = 0;
            for (double loss : losses) {
                squares += (loss - mean) * (loss - mean);
            }
            double error = Math.sqrt(squares / (count - 1) / count);
            assertThat(sum.mean()).isCloseTo(mean, within(1e-12));
            assertThat(sum.perplexity()).isCloseTo(Math.exp(mean), within(1e-9));
            assertThat(sum.standardError()).as("round %d", round).isCloseTo(Math.exp(mean) * error, within(1e-8));
        }
    }

    @Test
    void tooFewLossesHaveNoError() {
        assertThat(LossSum.NONE.mean()).isNaN();
        assertThat(LossSum.NONE.perplexity()).isNaN();
        assertThat(LossSum.NONE.plus(2).standardError()).isNaN();
        assertThat(LossSum.NONE.plus(2).perplexity()).isEqualTo(Math.exp(2));
        assertThat(LossSum.NONE.plus(2).plus(2).standardError()).isZero();
        assertThatThrownBy(() -> new LossSum(-1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count must be at least 0, was -1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 129, 1000, 4096, 131_073})
    void bucketsCoverEveryPositionOnce(int length) {
        LossByPosition losses = LossByPosition.none(length);
        assertThat(losses.buckets()).isBetween(1, LossByPosition.MOST_BUCKETS);
        assertThat(losses.from(0)).isZero();
        assertThat(losses.to(losses.buckets() - 1)).isEqualTo(length);
        for (int bucket = 0; bucket < losses.buckets(); bucket++) {
            assertThat(losses.to(bucket)).isGreaterThan(losses.from(bucket));
            if (bucket > 0) {
                assertThat(losses.from(bucket)).isEqualTo(losses.to(bucket - 1));
                assertThat(losses.to(bucket - 1) - losses.from(bucket - 1)).isEqualTo(losses.width());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "64, 1, 64", "65, 2, 33", "128, 2, 64", "129, 3, 43", "4096, 64, 64"})
    void theWidthIsTheLeastThatNeedsNoMoreThanSixtyFourBuckets(int length, int width, int buckets) {
        assertThat(LossByPosition.none(length).width()).isEqualTo(width);
        assertThat(LossByPosition.none(length).buckets()).isEqualTo(buckets);
    }

    @Test
    void lossesByPositionAddUpBucketByBucketInAnyOrder() {
        Random random = new Random(63);
        for (int round = 0; round < 50; round++) {
            int length = 1 + random.nextInt(300);
            List<LossByPosition> parts = new ArrayList<>();
            int buckets = LossByPosition.none(length).buckets();
            double[] sums = new double[buckets];
            long[] counts = new long[buckets];
            for (int part = 0; part < 4; part++) {
                List<Double> partSums = new ArrayList<>();
                List<Long> partCounts = new ArrayList<>();
                for (int bucket = 0; bucket < buckets; bucket++) {
                    double sum = random.nextInt(100) / 4.0;
                    long count = random.nextInt(9);
                    partSums.add(sum);
                    partCounts.add(count);
                    sums[bucket] += sum;
                    counts[bucket] += count;
                }
                parts.add(new LossByPosition(length, partSums, partCounts));
            }
            LossByPosition total = parts.stream().reduce(LossByPosition.none(length), LossByPosition::plus);
            Collections.reverse(parts);
            assertThat(parts.stream().reduce(LossByPosition.none(length), LossByPosition::plus))
                    .isEqualTo(total);
            for (int bucket = 0; bucket < buckets; bucket++) {
                assertThat(total.counts().get(bucket)).isEqualTo(counts[bucket]);
                assertThat(total.mean(bucket)).isEqualTo(sums[bucket] / counts[bucket]);
            }
        }
    }

    @Test
    void refusesBucketsOfAnotherLength() {
        assertThatThrownBy(() -> LossByPosition.none(64).plus(LossByPosition.none(65)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("losses added up must be of one length, were of 64 and 65");
        assertThatThrownBy(() -> new LossByPosition(65, List.of(1.0), List.of(1L, 2L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sums and counts must have 33 buckets for length 65, had 1 and 2");
        assertThatThrownBy(() -> new LossByPosition(0, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length must be at least 1, was 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7.3456 | 7.346",
                "9.9996 | 10.00",
                "12.345678 | 12.35",
                "123.46 | 123.5",
                "999.96 | 1,000",
                "12346 | 12,346",
                "999999.6 | 1.0e+06",
                "NaN | NaN",
                "Infinity | infinite",
            })
    void aPerplexityHasFourDigits(double perplexity, String text) {
        assertThat(PerplexityText.of(perplexity)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0.01251 | 0.013", "1.44 | 1.4", "97.2 | 97", "123.46 | 123.5", "NaN | NaN", "Infinity | infinite"
            })
    void anErrorHasTwoDigits(double error, String text) {
        assertThat(PerplexityText.ofError(error)).isEqualTo(text);
    }
}
