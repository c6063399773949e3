package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeasuringTimeTest {
    /** Kinds are words, and their work is their length. */
    private static MeasuringTime<String> of(double budget) {
        return new MeasuringTime<>(budget, String::length);
    }

    @Test
    void whatIsExpectedIsTheLongestOfItsKindOrItsShareOfWork() {
        MeasuringTime<String> time = of(100);
        assertThat(time.expected("long")).isZero();
        time.took("long", 8);
        time.took("long", 4);
        assertThat(time.expected("long")).isEqualTo(8);
        assertThat(time.expected("ab")).isEqualTo(12.0 / 8 * 2);
        assertThat(time.spent()).isEqualTo(12);
        assertThat(time.left()).isEqualTo(88);
    }

    @Test
    void theFirstMeasurementFitsAndOthersMustEndInTime() {
        MeasuringTime<String> time = of(10);
        assertThat(time.fits(1000, time.all())).isTrue();
        time.lost(4);
        assertThat(time.fits(6, time.all())).isTrue();
        assertThat(time.fits(6.5, time.all())).isFalse();
        assertThat(time.fits(6, time.allBut(1))).isFalse();
    }

    @Test
    void atMostHalfOfABudgetIsSetAside() {
        assertThat(of(10).allBut(3)).isEqualTo(7);
        assertThat(of(10).allBut(30)).isEqualTo(5);
        assertThat(of(0).allBut(30)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(of(0).left()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void aBudgetIsToldInWholeSecondsFromTenOn() {
        assertThat(MeasuringTime.text(0)).isEqualTo("none");
        assertThat(MeasuringTime.text(1200)).isEqualTo("1,200 s");
        assertThat(MeasuringTime.text(9.5)).isEqualTo("9.5 s");
        assertThat(MeasuringTime.text(0.000001)).isEqualTo("0.000001 s");
    }
}
