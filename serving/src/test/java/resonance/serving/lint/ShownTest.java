package resonance.serving.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {
    @ParameterizedTest
    @CsvSource({
        "4, 4",
        "-0.5, -0.5",
        "131072, 131072",
        "1e14, 100000000000000",
        "1e15, 1.0E15",
        "1e-7, 1.0E-7",
        "0, 0",
        "1e300, 1.0E300"
    })
    void numbersHaveNoExponentOrPointThatTheyDoNotNeed(double value, String shown) {
        assertThat(Shown.number(value)).isEqualTo(shown);
    }

    @Test
    void numbersThatAreNotFiniteAreNamed() {
        assertThat(Shown.number(Double.NaN)).isEqualTo("NaN");
        assertThat(Shown.number(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    }

    @ParameterizedTest
    @CsvSource({"1.1386294361119891, 1.138629", "0.1, 0.1", "4.00000001, 4", "123456789, 123456800", "0, 0"})
    void roundedNumbersHaveSevenDigits(double value, String shown) {
        assertThat(Shown.rounded(value)).isEqualTo(shown);
    }

    @Test
    void aFloatIsShownByTheNumberThatWasMeant() {
        Random random = new Random(41);
        for (int trial = 0; trial < 1000; trial++) {
            double meant = random.nextInt(100_000) / 1000.0;
            assertThat(Shown.rounded((float) meant)).isEqualTo(Shown.number(meant));
        }
    }

    @Test
    void textsAreQuotedAndCutAndOthersAreAsTheyStand() {
        assertThat(Shown.value("yarn")).isEqualTo("'yarn'");
        assertThat(Shown.value("x".repeat(61))).isEqualTo("'" + "x".repeat(60) + "...'");
        assertThat(Shown.value(4.0)).isEqualTo("4");
        assertThat(Shown.value(4L)).isEqualTo("4");
        assertThat(Shown.value(true)).isEqualTo("true");
        assertThat(Shown.value(List.of(1, "a"))).isEqualTo("[1, a]");
        assertThat(Shown.value(new BigInteger("9".repeat(70)))).isEqualTo("9".repeat(60) + "...");
    }
}
