package resonance.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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
import resonance.rope.LayerFrequencies;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.position.SinusoidalEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.DecoderEvaluator;
import resonance.transformer.training.TokenBatch;

/** Both forward passes against the plain formulas: every option of a decoder with every place where an encoding acts. */
class DecoderOptionsTest {
    private static final DecoderConfig PLAIN = DecoderConfig.llamaStyle(23, 16, 3, 4, 2, 6, 20, 1e-5, true);
    private static final int LENGTH = 40;

    /** Acts at all three places. */
    private record Everything(PositionEncoding rotary, PositionEncoding input, PositionEncoding bias)
            implements PositionEncoding {
        @Override
        public java.util.Optional<float[]> input(int positions, int width) {
            return input.input(positions, width);
        }

        @Override
        public java.util.Optional<RopeFrequencies> rotation(AttentionKind kind) {
            return rotary.rotation(kind);
        }

        @Override
        public java.util.Optional<float[]> scoreBias(int heads, int distances) {
            return bias.scoreBias(heads, distances);
        }
    }

    static Map<String, DecoderConfig> configs() {
        Map<String, DecoderConfig> configs = new LinkedHashMap<>();
        configs.put("llama", PLAIN);
        configs.put("t5", DecoderConfig.t5Style(23, 16, 2, 2, 6, 20, 0.1));
        configs.put("a head of its own", PLAIN.with(EmbeddingSettings.plain(false)));
        configs.put("biases", PLAIN.with(new AttentionShape(4, 2, 6, true, 0.3)));
        configs.put("geglu", PLAIN.with(new FeedForwardShape(FeedForwardKind.GEGLU, 20)));
        configs.put("scales", PLAIN.with(new EmbeddingSettings(true, 4, 0.5)));
        configs.put("one window", PLAIN.with(AttentionKind.ofWindows(List.of(0, 5, 0))));
        configs.put("windows", PLAIN.with(AttentionKind.ofWindows(List.of(1, 7, 64))));
        configs.put("q/k norm", PLAIN.with(new NormSettings(1e-6, true, false)));
        configs.put("post norms", PLAIN.with(new NormSettings(1e-6, false, true)));
        configs.put(
                "gemma",
                PLAIN.with(new NormSettings(1e-6, true, true))
                        .with(new EmbeddingSettings(true, 4, 1))
                        .with(new FeedForwardShape(FeedForwardKind.GEGLU, 20))
                        .with(AttentionKind.ofWindows(List.of(6, 0, 6))));
        return configs;
    }

    static Map<String, PositionEncoding> encodings() {
        PositionEncoding rotary = new RotaryEncoding(new LayerFrequencies(frequencies(10_000), frequencies(100)));
        Map<String, PositionEncoding> encodings = new LinkedHashMap<>();
        encodings.put("rotary", rotary);
        encodings.put("none", new NoEncoding());
        encodings.put("input", new SinusoidalEncoding());
        encodings.put("score bias", new AlibiEncoding());
        encodings.put("everything", new Everything(rotary, new SinusoidalEncoding(), new AlibiEncoding()));
        return encodings;
    }

    private static RopeFrequencies frequencies(double base) {
        return new NoScaling().frequencies(RopeShape.of(6, base, 16));
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        configs()
                .forEach((name, config) -> encodings()
                        .forEach((place, encoding) -> cases.add(Arguments.of(name, place, config, encoding))));
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void inferenceComputesTheFormulas(String name, String place, DecoderConfig config, PositionEncoding encoding) {
        RandomWeights weights = new RandomWeights(config, 5);
        int[] text = text(LENGTH);
        double[][] expected = new PlainDecoder(config, weights, encoding).logits(text);
        try (FrozenDecoder frozen = FrozenDecoder.load(config, weights, Precision.FLOAT32, 2);
                DecodingSession session = frozen.start(encoding, LENGTH)) {
            assertClose(frozen.logits(encoding, text), expected);
            session.append(Arrays.copyOf(text, 17), PassListener.SILENT);
            session.append(Arrays.copyOfRange(text, 17, 39), PassListener.SILENT);
            assertClose(
                    session.append(new int[] {text[39]}, PassListener.SILENT), new double[][] {expected[LENGTH - 1]});
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void trainingComputesTheFormulas(String name, String place, DecoderConfig config, PositionEncoding encoding) {
        RandomWeights weights = new RandomWeights(config, 5);
        int[] text = text(2 * LENGTH);
        ParameterLayout layout = new ParameterLayout(config);
        try (Decoder decoder = Decoder.of(layout, weights.flat(layout), ComputeDevice.CPU);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, encoding, LENGTH, Precision.FLOAT32, 2)) {
            float[] logits = evaluator.logits(new TokenBatch(2, LENGTH, text, text));
            for (int row = 0; row < 2; row++) {
                int[] tokens = Arrays.copyOfRange(text, row * LENGTH, (row + 1) * LENGTH);
                int size = logits.length / 2;
                assertClose(
                        Arrays.copyOfRange(logits, row * size, (row + 1) * size),
                        new PlainDecoder(config, weights, encoding).logits(tokens));
            }
        }
    }

    /** A text long enough for several blocks of queries and runs of keys. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("encodingCases")
    void longTextsGetTheSameLogitsInTrainingAndInference(String place, PositionEncoding encoding) {
        int length = 700;
        DecoderConfig config = PLAIN.with(AttentionKind.ofWindows(List.of(0, 290, 0)));
        ParameterLayout layout = new ParameterLayout(config);
        RandomWeights weights = new RandomWeights(config, 6);
        int[] text = text(length);
        try (Decoder decoder = Decoder.read(layout, weights, ComputeDevice.CPU);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, encoding, length, Precision.FLOAT32, 1);
                FrozenDecoder frozen = FrozenDecoder.load(config, decoder.weights(), Precision.FLOAT32, 2)) {
            float[] expected = evaluator.logits(new TokenBatch(1, length, text, text));
            double[][] rows = new double[length][23];
            for (int i = 0; i < expected.length; i++) {
                rows[i / 23][i % 23] = expected[i];
            }
            assertClose(frozen.logits(encoding, text), rows);
        }
    }

    static Stream<Arguments> encodingCases() {
        return encodings().entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void aTokenChangesNothingBeforeIt(String name, String place, DecoderConfig config, PositionEncoding encoding) {
        int[] text = text(LENGTH);
        int[] other = text.clone();
        other[25] = (other[25] + 1) % 23;
        try (FrozenDecoder frozen = FrozenDecoder.load(config, new RandomWeights(config, 7), Precision.FLOAT32, 1)) {
            float[] before = frozen.logits(encoding, text);
            float[] after = frozen.logits(encoding, other);
            assertThat(Arrays.copyOf(after, 25 * 23)).isEqualTo(Arrays.copyOf(before, 25 * 23));
            assertThat(Arrays.copyOfRange(after, 25 * 23, 26 * 23))
                    .isNotEqualTo(Arrays.copyOfRange(before, 25 * 23, 26 * 23));
        }
    }

    private static int[] text(int length) {
        return new SplittableRandom(8).ints(length, 0, 23).toArray();
    }

    /** float32 sums of up to a few hundred terms through three layers: relative to the largest logit. */
    private static void assertClose(float[] actual, double[][] expected) {
        assertThat(actual.length).isEqualTo(expected.length * expected[0].length);
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            double wanted = expected[i / expected[0].length][i % expected[0].length];
            assertThat(actual[i]).isFinite();
            largest = Math.max(largest, Math.abs(wanted));
            worst = Math.max(worst, Math.abs(actual[i] - wanted));
        }
        assertThat(worst).isLessThan(2e-5 * largest);
    }
}
