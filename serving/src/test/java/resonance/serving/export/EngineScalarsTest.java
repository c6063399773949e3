package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.NtkAwareScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

class EngineScalarsTest {
    private static final RopeShape SHAPE = RopeShape.of(128, 1_000_000, 32_768);

    @Test
    void plainRopeIsItsBase() {
        assertThat(of(new NoScaling())).isEqualTo(new EngineScalars(1_000_000, false, 1, 1));
    }

    @ParameterizedTest
    @CsvSource({"1.5", "4", "8", "32"})
    void linearIsItsFactor(double factor) {
        assertThat(of(new LinearScaling(factor))).isEqualTo(new EngineScalars(1_000_000, false, factor, 1));
    }

    @ParameterizedTest
    @CsvSource({"2", "4", "10"})
    void ntkIsItsBase(double factor) {
        NtkAwareScaling ntk = new NtkAwareScaling(factor);
        assertThat(of(ntk)).isEqualTo(new EngineScalars((float) ntk.scaledBase(SHAPE), false, 1, 1));
    }

    @ParameterizedTest
    @CsvSource({"2", "4", "32"})
    void yarnIsItsFactorWithItsOwnMagnitude(double factor) {
        assertThat(of(new YarnScaling(factor))).isEqualTo(new EngineScalars(1_000_000, true, factor, 1));
    }

    @Test
    void anotherMagnitudeIsWhatIsLeftOfIt() {
        double[] radians = new YarnScaling(4).frequencies(SHAPE).radiansPerToken();
        EngineScalars scalars =
                EngineScalars.of(RopeFrequencies.of(radians, 1), SHAPE).orElseThrow();
        assertThat(scalars.magnitude()).isEqualTo((float) (1 / (1 + 0.1 * Math.log(4))));
    }

    @Test
    void otherFrequenciesHaveNone() {
        assertThat(EngineScalars.of(new Resonance(new YarnScaling(4)).frequencies(SHAPE), SHAPE))
                .isEmpty();
        assertThat(EngineScalars.of(new Resonance(new NoScaling()).frequencies(SHAPE), SHAPE))
                .isEmpty();
        double[] radians = SHAPE.radiansPerToken();
        radians[20] *= 1 + 1e-4;
        assertThat(EngineScalars.of(RopeFrequencies.of(radians, 1), SHAPE)).isEmpty();
        radians[20] = 0;
        assertThat(EngineScalars.of(RopeFrequencies.of(radians, 1), SHAPE)).isEmpty();
    }

    @Test
    void otherBoundsOfYarnHaveNone() {
        RopeScaling yarn = new YarnScaling(4, 2, 1, true, OptionalDouble.empty(), 0, 0);
        assertThat(EngineScalars.of(yarn.frequencies(SHAPE), SHAPE)).isEmpty();
    }

    private static EngineScalars of(RopeScaling scaling) {
        return EngineScalars.of(scaling.frequencies(SHAPE), SHAPE).orElseThrow();
    }
}
