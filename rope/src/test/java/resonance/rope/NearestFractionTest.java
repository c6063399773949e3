package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestFractionTest {
    @Test
    void isTheNearestOfAllWithinTheBound() {
        Random random = new Random(7);
        for (int trial = 0; trial < 3000; trial++) {
            double number = trial % 3 == 0 ? random.nextDouble() * 3 : Math.exp(-6 * random.nextDouble());
            int bound = 1 + random.nextInt(trial % 2 == 0 ? 12 : 300);
            NearestFraction found = NearestFraction.to(number, bound);
            assertThat(found.tokens()).isBetween(1L, (long) bound);
            BigDecimal distance = scaledDistance(number, found.turns(), found.tokens());
            for (int tokens = 1; tokens <= bound; tokens++) {
                long turns = Math.round(number * tokens);
                // Both sides times the two denominators, so that everything is exact.
                BigDecimal other = scaledDistance(number, turns, tokens).multiply(BigDecimal.valueOf(found.tokens()));
                assertThat(other)
                        .describedAs("%s, bound %s: %s against %s/%s", number, bound, found, turns, tokens)
                        .isGreaterThanOrEqualTo(distance.multiply(BigDecimal.valueOf(tokens)));
            }
        }
    }

    /** |q - x*p|, exactly. */
    private static BigDecimal scaledDistance(double number, long turns, long tokens) {
        return BigDecimal.valueOf(turns)
                .subtract(new BigDecimal(number).multiply(BigDecimal.valueOf(tokens)))
                .abs();
    }

    @Test
    void isInLowestTerms() {
        Random random = new Random(8);
        for (int trial = 0; trial < 20_000; trial++) {
            NearestFraction found = NearestFraction.to(random.nextDouble(), 2 + random.nextInt(Integer.MAX_VALUE - 2));
            assertThat(BigInteger.valueOf(found.turns()).gcd(BigInteger.valueOf(found.tokens())))
                    .describedAs("%s", found)
                    .isEqualTo(BigInteger.ONE);
        }
    }

    @Test
    void findsTheKnownFractionsOfATurn() {
        double turn = 1 / (2 * Math.PI);
        assertThat(NearestFraction.to(turn, 6)).isEqualTo(new NearestFraction(1, 6));
        assertThat(NearestFraction.to(turn, 64)).isEqualTo(new NearestFraction(7, 44));
        assertThat(NearestFraction.to(turn, 8192)).isEqualTo(new NearestFraction(113, 710));
    }

    @Test
    void aNumberThatIsAFractionIsFoundAsItself() {
        for (long tokens : new long[] {1, 2, 6, 97, 1000, 65_537, 1_000_003}) {
            for (long turns : new long[] {1, 3, 5}) {
                if (BigInteger.valueOf(turns).gcd(BigInteger.valueOf(tokens)).equals(BigInteger.ONE)) {
                    assertThat(NearestFraction.to(turns / (double) tokens, Integer.MAX_VALUE))
                            .isEqualTo(new NearestFraction(turns, tokens));
                }
            }
        }
    }

    @Test
    void theBoundIsHeldWhereDigitsRunOut() {
        Random random = new Random(9);
        for (int trial = 0; trial < 20_000; trial++) {
            double number = random.nextDouble() / (1 << random.nextInt(20));
            int bound = Integer.MAX_VALUE - random.nextInt(1000);
            NearestFraction found = NearestFraction.to(number, bound);
            assertThat(found.tokens()).isBetween(1L, (long) bound);
            assertThat(found.turns() / (double) found.tokens())
                    .describedAs("%s of %s", found, number)
                    .isCloseTo(number, within(0.5 / bound));
        }
    }
}
