package resonance.evaluation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.rope.CriticalNtkScaling;
import resonance.rope.NtkAwareScaling;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

class FactorSpaceTest {
    private static final List<RopeShape> SHAPES = List.of(
            RopeShape.of(2, 10_000, 64),
            RopeShape.of(4, 10_000, 5),
            RopeShape.of(16, 10_000, 256),
            RopeShape.of(64, 100_000, 8192),
            RopeShape.of(128, 500_000, 8192));

    @ParameterizedTest
    @EnumSource
    void everyPointStandsForDivisorsThatDoNotDecrease(Space kind) {
        SplittableRandom random = new SplittableRandom(3);
        for (RopeShape shape : SHAPES) {
            for (int trial = 0; trial < 200; trial++) {
                double factor = 1.1 + 30 * random.nextDouble();
                FactorSpace space = kind.of(shape, factor);
                double[] point = new double[space.dimensions()];
                for (int i = 0; i < point.length; i++) {
                    point[i] = trial < 2 ? trial : random.nextDouble();
                }
                Factors factors = space.at(point);
                String place = shape + ", factor " + factor + ", trial " + trial;
                assertThat(factors.divisors()).as(place).hasSize(shape.pairs()).isSorted();
                assertThat(factors.divisors().get(0)).as(place).isGreaterThanOrEqualTo(1);
                assertThat(factors.attentionFactor()).as(place).isBetween(1.0, 1 + 0.2 * Math.log(2 * factor) + 1e-4);
            }
        }
    }

    @Test
    void divisorsGoFromTheFactorToTwiceItFromTheCriticalPairOn() {
        RopeShape shape = RopeShape.of(64, 100_000, 8192); // pairs 14 to 20 make ten turns to one
        FactorSpace space = Space.DIVISORS.of(shape, 4);
        assertThat(space.at(new double[] {1, 0, 0, 0, 0, 0}).divisors().subList(20, 32))
                .containsOnly(4.0);
        assertThat(space.at(new double[] {0, 0, 0, 0, 0, 0}).divisors().subList(14, 32))
                .containsOnly(4.0);
        assertThat(space.at(new double[] {1, 0, 0, 0, 0, 0}).divisors().get(19)).isLessThan(4);
        assertThat(space.at(new double[] {1, 1, 0, 0, 0, 0}).divisors().subList(20, 32))
                .containsOnly(8.0);
        assertThat(space.at(new double[] {1, 0, 0, 0, 1, 0}).divisors())
                .satisfies(divisors -> assertThat(divisors.get(20)).isEqualTo(4))
                .satisfies(divisors -> assertThat(divisors.get(31)).isEqualTo(8));
    }

    @Test
    void belowTheCriticalPairItIsAnotherBase() {
        RopeShape shape = RopeShape.of(64, 100_000, 8192);
        List<Double> divisors =
                Space.DIVISORS.of(shape, 4).at(new double[] {1, 0, 0, 0, 0, 0}).divisors();
        // NTK-aware scaling divides the last pair, 31, by its factor: this one divides pair 20 by 4.
        List<Double> critical = Factors.of(shape, new NtkAwareScaling(Math.pow(4, 31.0 / 20)).frequencies(shape))
                .divisors();
        for (int pair = 0; pair <= 20; pair++) {
            assertThat(divisors.get(pair)).isCloseTo(critical.get(pair), within(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 4, 8})
    void yarnAndChangedBasesAreParameters(double factor) {
        for (RopeShape shape : SHAPES.subList(2, 5)) {
            FactorSpace space = Space.PARAMETERS.of(shape, factor);
            for (RopeScaling scaling :
                    List.of(new YarnScaling(factor), new NtkAwareScaling(factor), new CriticalNtkScaling(factor))) {
                Factors factors = Factors.of(shape, scaling.frequencies(shape));
                Factors nearest = space.at(space.nearest(factors));
                assertThat(nearest.attentionFactor()).isCloseTo(factors.attentionFactor(), within(1e-4));
                for (int pair = 0; pair < shape.pairs(); pair++) {
                    assertThat(nearest.divisors().get(pair))
                            .as(scaling + " of " + shape + ", pair " + pair)
                            .isCloseTo(factors.divisors().get(pair), within(1e-3));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNearestPointLiesInTheCube(Space kind) {
        for (RopeShape shape : SHAPES) {
            double[] point = kind.of(shape, 3).nearest(Factors.of(shape, new YarnScaling(60).frequencies(shape)));
            assertThat(point).hasSize(kind.of(shape, 3).dimensions());
            for (double coordinate : point) {
                assertThat(coordinate).isBetween(0.0, 1.0);
            }
        }
    }
}
