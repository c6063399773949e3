package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;
import resonance.decoder.RelativeBias;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** Training some parameters and leaving the others as they are. */
class FrozenParametersTest {
    private static final int LENGTH = 12;
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(11, 16, 2, 4, 2, 4, 24, 1e-5, false)
            .with(new AttentionShape(4, 2, 4, true, 0.5))
            .with(new RelativeBias(4, 8))
            .withDropout(0.1);
    private static final RotaryEncoding ENCODING =
            RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(4, 10_000, LENGTH)));

    static Stream<Arguments> groups() {
        Map<String, Predicate<Parameter>> groups = Map.of(
                "the last layer", parameter -> parameter.layer() == 1,
                "norms", parameter -> parameter.role().kind() == ParameterRole.Kind.NORM,
                "attention's matrices", parameter -> parameter.role().joint() == ParameterRole.QUERY,
                "biases", parameter -> parameter.role().kind() == ParameterRole.Kind.BIAS,
                "the embedding", parameter -> parameter.role() == ParameterRole.EMBEDDING,
                "the relative bias", parameter -> parameter.role() == ParameterRole.RELATIVE_BIAS,
                "the head", parameter -> parameter.role() == ParameterRole.HEAD,
                "all but the feed-forwards",
                        parameter -> !parameter.name().contains("feedForward") && parameter.layer() < 1);
        return Stream.of(Precision.values())
                .flatMap(precision -> groups.entrySet().stream()
                        .map(group -> Arguments.of(group.getKey(), precision, group.getValue())));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("groups")
    void frozenParametersKeepTheirBitsAndTrainedOnesChange(
            String name, Precision precision, Predicate<Parameter> trained) {
        ParameterLayout layout = new ParameterLayout(CONFIG, trained);
        try (Decoder decoder = decoder(layout);
                Trainer trainer = trainer(decoder, precision)) {
            float[] before = decoder.parameters();
            for (int step = 0; step < 3; step++) {
                trainer.step(batch(step));
            }
            float[] after = decoder.parameters();
            for (ParameterLayout.Entry entry : layout.entries()) {
                assertThat(Arrays.equals(entry.of(before), entry.of(after)))
                        .as(entry.parameter().name())
                        .isEqualTo(!trained.test(entry.parameter()));
            }
            assertThat(trainer.state().parameters().size()).isEqualTo(layout.trainedSize());
            assertThat(trainer.state().firstMoments().size()).isEqualTo(layout.trainedSize());
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("groups")
    void trainedParametersHaveTheGradientThatTheyHaveAmongAll(
            String name, Precision precision, Predicate<Parameter> trained) {
        ParameterLayout all = new ParameterLayout(CONFIG);
        ParameterLayout some = new ParameterLayout(CONFIG, trained);
        try (Decoder whole = decoder(all);
                Trainer wholeTrainer = trainer(whole, precision);
                Decoder part = decoder(some);
                Trainer partTrainer = trainer(part, precision)) {
            float[] expected = wholeTrainer.gradient(batch(0));
            float[] actual = partTrainer.gradient(batch(0));
            assertThat(actual).hasSize((int) some.trainedSize());
            for (ParameterLayout.Entry entry : some.entries()) {
                if (entry.trained()) {
                    assertThat(entry.of(actual))
                            .as(entry.parameter().name())
                            .isEqualTo(all.entry(entry.parameter()).of(expected));
                }
            }
        }
    }

    @Test
    void aRestoredTrainerOfSomeParametersEndsWithTheSameBits() throws IOException {
        ParameterLayout layout = new ParameterLayout(CONFIG, parameter -> parameter.layer() == 1);
        try (Decoder whole = decoder(layout);
                Trainer uninterrupted = trainer(whole, Precision.BFLOAT16);
                Decoder first = decoder(layout);
                Trainer stopped = trainer(first, Precision.BFLOAT16);
                Decoder second = decoder(layout);
                Trainer continued = trainer(second, Precision.BFLOAT16)) {
            for (int step = 0; step < 6; step++) {
                uninterrupted.step(batch(step));
            }
            for (int step = 0; step < 2; step++) {
                stopped.step(batch(step));
            }
            continued.restore(stopped.state());
            for (int step = 2; step < 6; step++) {
                continued.step(batch(step));
            }
            assertThat(second.parameters()).isEqualTo(whole.parameters());
        }
    }

    @Test
    void refusesTheStateOfOtherParameters() {
        ParameterLayout one = new ParameterLayout(CONFIG, parameter -> parameter.role() == ParameterRole.HEAD);
        ParameterLayout other = new ParameterLayout(CONFIG, parameter -> parameter.role() == ParameterRole.FINAL_NORM);
        try (Decoder first = decoder(one);
                Trainer saved = trainer(first, Precision.FLOAT32);
                Decoder second = decoder(other);
                Trainer restored = trainer(second, Precision.FLOAT32)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> restored.restore(saved.state()))
                    .withMessage("state must be of 16 trained parameters, was of 176");
        }
    }

    @Test
    void whichParametersAreTrainedDoesNotChangeHowTheyAreDrawn() {
        ParameterLayout all = new ParameterLayout(CONFIG);
        ParameterLayout some = new ParameterLayout(CONFIG, parameter -> parameter.layer() == 1);
        float[] one = Initialisation.SMALL_NORMAL.draw(all, 4);
        float[] other = Initialisation.SMALL_NORMAL.draw(some, 4);
        for (Parameter parameter : CONFIG.parameters()) {
            assertThat(some.entry(parameter).of(other))
                    .isEqualTo(all.entry(parameter).of(one));
        }
    }

    @Test
    void refusesAVectorOfAnotherSize() {
        ParameterLayout layout = new ParameterLayout(CONFIG);
        String message = "parameters must have " + layout.size() + " elements, had 3";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.of(layout, new float[3], ComputeDevice.CPU))
                .withMessage(message);
        try (Decoder decoder = decoder(layout)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> decoder.setParameters(new float[3]))
                    .withMessage(message);
        }
    }

    @Test
    void aDecoderReadFromAnotherHasItsParametersWhateverTheOrder() {
        ParameterLayout all = new ParameterLayout(CONFIG);
        ParameterLayout some = new ParameterLayout(CONFIG, parameter -> parameter.layer() == 1);
        try (Decoder one = decoder(all);
                Decoder other = Decoder.read(some, one.weights(), ComputeDevice.CPU)) {
            for (Parameter parameter : CONFIG.parameters()) {
                assertThat(some.entry(parameter).of(other.parameters()))
                        .isEqualTo(all.entry(parameter).of(one.parameters()));
            }
        }
    }

    private static Decoder decoder(ParameterLayout layout) {
        return Decoder.of(layout, new RandomWeights(CONFIG, 9).flat(layout), ComputeDevice.CPU);
    }

    private static Trainer trainer(Decoder decoder, Precision precision) {
        TrainerSettings settings =
                new TrainerSettings(AdamW.DEFAULT, new OneCycleSchedule(1e-2, 10, 0.2, false), precision, 2, 3);
        return new Trainer(decoder, ENCODING, LENGTH, settings);
    }

    private static TokenBatch batch(int seed) {
        int[] tokens = new Random(seed).ints(20 * LENGTH, 0, 11).toArray();
        return new TokenBatch(20, LENGTH, tokens, tokens);
    }
}
