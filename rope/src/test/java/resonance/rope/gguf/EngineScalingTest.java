package resonance.rope.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

class EngineScalingTest {
    private static final RopeShape SHAPE = RopeShape.of(64, 10_000, 2048);

    @Test
    void isTheWellKnownMethodWhereTheFileSaysNothingElse() {
        for (int headSize : new int[] {2, 6, 64, 96, 128, 256}) {
            for (double base : new double[] {10_000, 500_000, 1e6}) {
                for (int trained : new int[] {64, 2048, 32_768}) {
                    RopeShape shape = RopeShape.of(headSize, base, trained);
                    assertSame(plain(false, 1, 1), new NoScaling(), shape);
                    assertSame(plain(false, 4, 1), new LinearScaling(4), shape);
                    assertSame(plain(true, 8, 1), new YarnScaling(8), shape);
                }
            }
        }
    }

    @Test
    void theMagnitudeMultipliesEveryTypesScale() {
        assertThat(plain(false, 4, 1.25).frequencies(SHAPE).attentionScale()).isEqualTo(1.25);
        assertThat(plain(true, 4, 1.25).frequencies(SHAPE).attentionScale())
                .isCloseTo(1.25 * (1 + 0.1 * Math.log(4)), within(1e-15));
        assertThat(plain(true, 0.5, 1.25).frequencies(SHAPE).attentionScale()).isEqualTo(1.25);
    }

    @Test
    void divisorsComeBeforeTheFactor() {
        List<Double> divisors = Collections.nCopies(32, 3.0);
        EngineScaling scaling = new EngineScaling(false, 4, 1, divisors, divisors);
        for (int pair = 0; pair < 32; pair++) {
            assertThat(scaling.frequencies(SHAPE).radiansPerToken(pair))
                    .isCloseTo(SHAPE.radiansPerToken(pair) / 12, within(1e-18));
        }
        EngineScaling yarn = new EngineScaling(true, 4, 1, divisors, divisors);
        RopeFrequencies expected = new YarnScaling(4).frequencies(SHAPE);
        for (int pair = 0; pair < 32; pair++) {
            assertThat(yarn.frequencies(SHAPE).radiansPerToken(pair))
                    .isCloseTo(expected.radiansPerToken(pair) / 3, within(1e-16));
        }
    }

    @Test
    void longTextsHaveDivisorsOfTheirOwn() {
        EngineScaling scaling =
                new EngineScaling(false, 1, 1, Collections.nCopies(32, 2.0), Collections.nCopies(32, 5.0));
        assertThat(scaling.dependsOnSequenceLength()).isTrue();
        assertThat(scaling.frequencies(SHAPE.withSequenceLength(2048)).radiansPerToken(0))
                .isEqualTo(0.5);
        assertThat(scaling.frequencies(SHAPE.withSequenceLength(2049)).radiansPerToken(0))
                .isEqualTo(0.2);
        assertThat(plain(true, 4, 1).dependsOnSequenceLength()).isFalse();
    }

    @Test
    void aRampWithoutWidthDividesEveryPairButTheFirst() {
        // Four tokens are less than one turn of any pair: both bounds fall below the first pair.
        RopeShape shape = RopeShape.of(64, 10_000, 4);
        RopeFrequencies frequencies = plain(true, 4, 1).frequencies(shape);
        assertThat(frequencies.radiansPerToken(0)).isEqualTo(1);
        for (int pair = 1; pair < 32; pair++) {
            assertThat(frequencies.radiansPerToken(pair)).isEqualTo(shape.radiansPerToken(pair) / 4);
        }
    }

    @Test
    void refusesNumbersThatNoFileMayHold() {
        assertThatThrownBy(() -> plain(false, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("factor must be a finite number above 0, was 0.0");
        assertThatThrownBy(() -> plain(false, 1, Double.NaN))
                .hasMessage("magnitude must be a finite number above 0, was NaN");
        assertThatThrownBy(() -> new EngineScaling(false, 1, 1, List.of(1.0, -1.0), List.of()))
                .hasMessage("shortDivisors[1] must be a finite number above 0, was -1.0");
        assertThatThrownBy(() -> new EngineScaling(false, 1, 1, List.of(1.0), List.of()).frequencies(SHAPE))
                .hasMessage("divisors must be one per pair (32 for headSize 64), were 1");
    }

    private static EngineScaling plain(boolean yarn, double factor, double magnitude) {
        return new EngineScaling(yarn, factor, magnitude, List.of(), List.of());
    }

    private static void assertSame(EngineScaling engine, RopeScaling known, RopeShape shape) {
        assertThat(engine.frequencies(shape)).as("%s %s", known, shape).isEqualTo(known.frequencies(shape));
    }
}
