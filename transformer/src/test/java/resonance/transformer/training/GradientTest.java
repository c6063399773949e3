package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.EmbeddingSettings;
import resonance.decoder.FeedForwardKind;
import resonance.decoder.FeedForwardShape;
import resonance.decoder.NormSettings;
import resonance.decoder.ParameterLayout;
import resonance.decoder.RelativeBias;
import resonance.rope.LayerFrequencies;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;
import resonance.transformer.PlainDecoder;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.position.SinusoidalEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** The gradients written by hand against differences of the loss of the plain formulas, parameter by parameter. */
class GradientTest {
    private static final int LENGTH = 9;
    private static final int VOCABULARY = 13;
    private static final DecoderConfig PLAIN = DecoderConfig.llamaStyle(VOCABULARY, 8, 2, 4, 2, 4, 12, 1e-5, false);
    private static final PositionEncoding ROTARY =
            new RotaryEncoding(new LayerFrequencies(frequencies(10_000), frequencies(50)));

    static Stream<Arguments> cases() {
        Map<String, Arguments> cases = new LinkedHashMap<>();
        DecoderConfig windowed = PLAIN.with(AttentionKind.ofWindows(List.of(3, 0)));
        cases.put("plain", Arguments.of(PLAIN, ROTARY));
        cases.put("window", Arguments.of(windowed, ROTARY));
        cases.put("windows of every size", Arguments.of(PLAIN.with(AttentionKind.ofWindows(List.of(1, 100))), ROTARY));
        cases.put("no encoding", Arguments.of(windowed, new NoEncoding()));
        cases.put("input", Arguments.of(PLAIN, new SinusoidalEncoding()));
        cases.put("score bias", Arguments.of(windowed, new AlibiEncoding()));
        cases.put("learned bias", Arguments.of(PLAIN.with(new RelativeBias(4, 6)), new NoEncoding()));
        cases.put("learned bias and all else", Arguments.of(windowed.with(new RelativeBias(6, 7)), ROTARY));
        DecoderConfig linear = PLAIN.with(List.of(AttentionKind.LINEAR, new AttentionKind.SlidingWindow(4)));
        cases.put("linear", Arguments.of(linear, ROTARY));
        cases.put(
                "linear, no encoding",
                Arguments.of(linear.with(new AttentionShape(4, 4, 4, true, 1)), new NoEncoding()));
        cases.put("linear, attention scale", Arguments.of(linear, RotaryEncoding.of(yarn())));
        cases.put("scales and ties", Arguments.of(windowed.with(new EmbeddingSettings(true, 3, 0.5)), ROTARY));
        cases.put("biases", Arguments.of(PLAIN.with(new AttentionShape(4, 1, 4, true, 0.7)), ROTARY));
        cases.put("geglu", Arguments.of(PLAIN.with(new FeedForwardShape(FeedForwardKind.GEGLU, 12)), ROTARY));
        cases.put("q/k norm", Arguments.of(windowed.with(new NormSettings(1e-5, true, false)), ROTARY));
        cases.put("q/k norm, linear", Arguments.of(linear.with(new NormSettings(1e-5, true, false)), ROTARY));
        cases.put("post norms", Arguments.of(PLAIN.with(new NormSettings(1e-5, false, true)), ROTARY));
        cases.put(
                "gemma",
                Arguments.of(
                        windowed.with(new NormSettings(1e-6, true, true))
                                .with(new EmbeddingSettings(true, 3, 1))
                                .with(new FeedForwardShape(FeedForwardKind.GEGLU, 12)),
                        ROTARY));
        return cases.entrySet().stream()
                .map(entry -> Arguments.of(
                        entry.getKey(),
                        entry.getValue().get()[0],
                        entry.getValue().get()[1]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void gradientsAreTheDifferencesOfTheLoss(String name, DecoderConfig config, PositionEncoding encoding) {
        assertGradientsAreDifferences(config, encoding, batch());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void gradientsOfPackedRowsAtPositionsOfTheirOwnAreTheDifferencesOfTheLoss(
            String name, DecoderConfig config, PositionEncoding encoding) {
        boolean biased =
                encoding.scoreBias(4, 1).isPresent() || config.relativeBias().isPresent();
        boolean linear = config.attentionKinds().contains(AttentionKind.LINEAR);
        TokenBatch plain = batch();
        int[] positions = {0, 1, 2, 3, 20, 21, 22, 23, 24, 5, 6, 7, 0, 1, 2, 3, 4, 5, 0, 9, 10, 11, 12, 13, 14, 30, 31};
        int[] firstSeen = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 0, 1, 1, 1, 1, 1, 1, 7, 7};
        int[] none = {};
        assertGradientsAreDifferences(
                config,
                encoding,
                new TokenBatch(
                        3,
                        LENGTH,
                        plain.inputs(),
                        plain.targets(),
                        biased ? none : positions,
                        linear ? none : firstSeen));
    }

    private static void assertGradientsAreDifferences(
            DecoderConfig config, PositionEncoding encoding, TokenBatch batch) {
        ParameterLayout layout = new ParameterLayout(config);
        float[] start = new RandomWeights(config, 12).flat(layout);
        TrainerSettings settings =
                new TrainerSettings(AdamW.DEFAULT, new OneCycleSchedule(1e-2, 10, 0.2, false), Precision.FLOAT32, 1, 3);
        try (Decoder decoder = Decoder.of(layout, start, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, encoding, batch.positionsNeeded(), settings)) {
            float[] gradient = trainer.gradient(batch);
            double reach = 5e-4;
            Random random = new Random(13);
            for (ParameterLayout.Entry entry : layout.entries()) {
                for (int draw = 0; draw < 3; draw++) {
                    int element = (int) entry.offset()
                            + random.nextInt((int) entry.parameter().size());
                    // Richardson's extrapolation of central differences: what is left is of the fourth order.
                    double wide = difference(layout, start, element, reach, encoding, batch);
                    double narrow = difference(layout, start, element, reach / 2, encoding, batch);
                    assertThat((double) gradient[element])
                            .as("%s, element %d", entry.parameter().name(), element - entry.offset())
                            .isCloseTo((4 * narrow - wide) / 3, within(2e-5 * Math.max(1, Math.abs(narrow))));
                }
            }
        }
    }

    private static double difference(
            ParameterLayout layout,
            float[] start,
            int element,
            double reach,
            PositionEncoding encoding,
            TokenBatch batch) {
        float[] up = start.clone();
        float[] down = start.clone();
        up[element] += (float) reach;
        down[element] -= (float) reach;
        // float32 rounds the reach, so the distance that was really gone is taken.
        double distance = (double) up[element] - down[element];
        return (loss(layout, up, encoding, batch) - loss(layout, down, encoding, batch)) / distance;
    }

    private static double loss(ParameterLayout layout, float[] values, PositionEncoding encoding, TokenBatch batch) {
        PlainDecoder plain = new PlainDecoder(
                layout.config(),
                (parameter, first, count, target, offset) -> System.arraycopy(
                        values, (int) (layout.entry(parameter).offset() + first), target, offset, count),
                encoding);
        double loss = 0;
        for (int row = 0; row < batch.rows(); row++) {
            int from = row * LENGTH;
            double[][] logits = plain.logits(
                    Arrays.copyOfRange(batch.inputs(), from, from + LENGTH),
                    batch.positions().length == 0
                            ? IntStream.range(0, LENGTH).toArray()
                            : Arrays.copyOfRange(batch.positions(), from, from + LENGTH),
                    batch.firstSeen().length == 0
                            ? new int[LENGTH]
                            : Arrays.copyOfRange(batch.firstSeen(), from, from + LENGTH));
            for (int t = 0; t < LENGTH; t++) {
                int target = batch.targets()[from + t];
                if (target != TokenBatch.IGNORED) {
                    double sum = 0;
                    for (double logit : logits[t]) {
                        sum += Math.exp(logit);
                    }
                    loss += Math.log(sum) - logits[t][target];
                }
            }
        }
        return loss / batch.scored();
    }

    private static RopeFrequencies frequencies(double base) {
        return new NoScaling().frequencies(RopeShape.of(4, base, 16));
    }

    private static RopeFrequencies yarn() {
        return new YarnScaling(4).frequencies(RopeShape.of(4, 10_000, 16));
    }

    private static TokenBatch batch() {
        Random random = new Random(14);
        int[] inputs = random.ints(3 * LENGTH, 0, VOCABULARY).toArray();
        int[] targets = random.ints(3 * LENGTH, 0, VOCABULARY).toArray();
        for (int i = 0; i < targets.length; i += 4) {
            targets[i] = TokenBatch.IGNORED;
        }
        return new TokenBatch(3, LENGTH, inputs, targets);
    }
}
