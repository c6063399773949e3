package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every method of the catalogue on every shape. */
class MethodLawsTest {
    private static final double[] BASES = {10_000, 500_000};
    private static final int[] TRAINED_LENGTHS = {64, 4096};

    static Stream<Arguments> methodsAndShapes() {
        return RopeEncodings.standard().methods().stream()
                .flatMap(method -> shapes().map(shape -> Arguments.of(method, shape)));
    }

    private static Stream<RopeShape> shapes() {
        return IntStream.of(EveryScaling.HEAD_SIZES)
                .boxed()
                .flatMap(headSize -> IntStream.of(TRAINED_LENGTHS)
                        .boxed()
                        .flatMap(length -> Stream.of(BASES[0], BASES[1]).map(b -> RopeShape.of(headSize, b, length))));
    }

    private static RopeScaling scaling(ScalingMethod method, RopeShape shape) {
        return method.scaling(EveryScaling.settings(shape.headSize()));
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void noPairTurnsFasterThanUnscaledAndNoneBackwards(ScalingMethod method, RopeShape shape) {
        for (long length : new long[] {1, shape.trainedLength(), 8L * shape.trainedLength()}) {
            RopeFrequencies frequencies = scaling(method, shape).frequencies(shape.withSequenceLength(length));
            assertThat(frequencies.pairs()).isEqualTo(shape.pairs());
            for (int pair = 0; pair < shape.pairs(); pair++) {
                assertThat(frequencies.radiansPerToken(pair))
                        .as("pair %d at length %d", pair, length)
                        .isBetween(0.0, shape.radiansPerToken(pair) * (1 + 1e-15));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void aSlowerPairStaysTheSlowerOne(ScalingMethod method, RopeShape shape) {
        double[] radians = scaling(method, shape)
                .frequencies(shape.withSequenceLength(8L * shape.trainedLength()))
                .radiansPerToken();
        for (int pair = 1; pair < radians.length; pair++) {
            assertThat(radians[pair]).as("pair %d", pair).isLessThanOrEqualTo(radians[pair - 1]);
        }
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void onlyAMethodThatSaysSoDependsOnTheLength(ScalingMethod method, RopeShape shape) {
        RopeScaling scaling = scaling(method, shape);
        RopeFrequencies trained = scaling.frequencies(shape);
        RopeFrequencies longer = scaling.frequencies(shape.withSequenceLength(8L * shape.trainedLength()));
        assertThat(longer.equals(trained)).isEqualTo(!scaling.dependsOnSequenceLength());
        assertThat(scaling.frequencies(shape.withSequenceLength(1)))
                .as("a text shorter than the training changes nothing")
                .isEqualTo(trained);
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void aScalingHasTheFactorThatItsMethodReadsAndElse1(ScalingMethod method, RopeShape shape) {
        double factor = method.parameters().contains(Parameter.FACTOR) ? 4 : 1;
        RopeScaling scaling = scaling(method, shape);
        assertThat(scaling.factor()).isEqualTo(factor);
        assertThat(new Resonance(scaling).factor()).isEqualTo(factor);
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void aScalingIsAValueThatAnswersTheSameAgain(ScalingMethod method, RopeShape shape) {
        RopeScaling scaling = scaling(method, shape);
        RopeFrequencies first = scaling.frequencies(shape);
        scaling.frequencies(shape.withSequenceLength(1_000_000));
        assertThat(scaling.frequencies(shape)).isEqualTo(first).hasSameHashCodeAs(first);
        assertThat(scaling(method, shape)).isEqualTo(scaling).hasSameHashCodeAs(scaling);
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void theAttentionScaleIsOneUnlessTheMethodSetsIt(ScalingMethod method, RopeShape shape) {
        double scale = scaling(method, shape).frequencies(shape).attentionScale();
        double expected = switch (method.name()) {
            case "yarn", "yarn-paper", "mrrope" -> 0.1 * Math.log(4) + 1;
            case "longrope" -> Math.sqrt(1 + Math.log(4) / Math.log(shape.trainedLength()));
            default -> 1;
        };
        assertThat(scale).isCloseTo(expected, within(1e-15));
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void resonanceMovesNoFrequencyByMoreThanHalfAToken(ScalingMethod method, RopeShape shape) {
        RopeShape longer = shape.withSequenceLength(8L * shape.trainedLength());
        RopeScaling scaling = scaling(method, shape);
        RopeFrequencies inner = scaling.frequencies(longer);
        RopeFrequencies rounded = new Resonance(scaling).frequencies(longer);
        for (int pair = 0; pair < inner.pairs(); pair++) {
            double wavelength = inner.wavelength(pair);
            if (Double.isFinite(wavelength)) {
                assertThat(rounded.radiansPerToken(pair) / inner.radiansPerToken(pair))
                        .as("pair %d", pair)
                        .isBetween(wavelength / (wavelength + 0.5) - 1e-12, wavelength / (wavelength - 0.5) + 1e-12);
            }
        }
        assertThat(new Resonance(scaling).dependsOnSequenceLength()).isEqualTo(scaling.dependsOnSequenceLength());
    }

    @ParameterizedTest
    @MethodSource("methodsAndShapes")
    void resonanceComposesOnlyWithWhatIsUnderIt(ScalingMethod method, RopeShape shape) {
        RopeScaling scaling = scaling(method, shape);
        RopeFrequencies direct = new Resonance(scaling).frequencies(shape);
        RopeFrequencies frozen = scaling.frequencies(shape);
        assertThat(new Resonance(any -> frozen).frequencies(shape)).isEqualTo(direct);
        assertThat(new Resonance(new Resonance(scaling)).frequencies(shape)).isEqualTo(direct);
        assertThat(new EncodingName(method, true).scaling(EveryScaling.settings(shape.headSize())))
                .isEqualTo(new Resonance(scaling));
    }

    static Stream<ScalingMethod> methodsWithFactor() {
        return RopeEncodings.standard().methods().stream()
                .filter(method -> method.parameters().contains(Parameter.FACTOR));
    }

    @ParameterizedTest
    @MethodSource("methodsWithFactor")
    void aLargerFactorNeverMakesAPairFaster(ScalingMethod method) {
        RopeShape shape = RopeShape.of(64, 10_000, 4096);
        List<RopeFrequencies> byFactor = Stream.of(1.0, 1.5, 2.0, 8.0, 64.0)
                .map(factor -> method.scaling(EveryScaling.settings(64).withFactor(factor))
                        .frequencies(shape))
                .toList();
        for (int step = 1; step < byFactor.size(); step++) {
            for (int pair = 0; pair < shape.pairs(); pair++) {
                assertThat(byFactor.get(step).radiansPerToken(pair))
                        .as("step %d, pair %d", step, pair)
                        .isLessThanOrEqualTo(byFactor.get(step - 1).radiansPerToken(pair) * (1 + 1e-15));
            }
            assertThat(byFactor.get(step).attentionScale())
                    .isGreaterThanOrEqualTo(byFactor.get(step - 1).attentionScale());
        }
    }
}
