package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.rope.LayerFrequencies;
import resonance.rope.PositionRemap;
import resonance.rope.RectifiedRope;
import resonance.rope.RopeFrequencies;
import resonance.rope.SelfExtend;
import resonance.rope.ShiftedRope;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.position.RemappedRotary;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.position.RotaryTensors;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/** Two sets of scores merged by distance, against every pair of tokens turned by the distance that the remap gives it. */
class RemappedAttentionTest {
    private static final int HEAD_SIZE = 4;
    private static final int KEYS = 320;
    private static final double SCALE = 0.7;
    private static final RopeFrequencies FREQUENCIES = RopeFrequencies.of(new double[] {0.9, 0.05}, 1.1);
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(5, 8, 1, 2, 2, HEAD_SIZE, 8, 1e-5, true);

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final Random random = new Random(4);

    @AfterEach
    void close() {
        arena.close();
    }

    static Stream<Arguments> remaps() {
        List<Arguments> cases = new ArrayList<>();
        for (PositionRemap remap : List.of(
                new SelfExtend(40, 6),
                new SelfExtend(7, 3),
                new RectifiedRope(50, 100),
                new RectifiedRope(1, 2),
                new ShiftedRope(90, 20),
                new ShiftedRope(310, 5))) {
            cases.add(Arguments.of(remap, 64, 0, 0));
            cases.add(Arguments.of(remap, 64, 256, 0));
            cases.add(Arguments.of(remap, 1, 319, 0));
            cases.add(Arguments.of(remap, 17, 100, 60));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}, {1} queries from {2}, window {3}")
    @MethodSource("remaps")
    void everyPairIsTurnedByItsRemappedDistance(PositionRemap remap, int count, int first, int window) {
        float[] queries = numbers(count * HEAD_SIZE);
        float[] keys = numbers(KEYS * HEAD_SIZE);
        float[] values = numbers(KEYS * HEAD_SIZE);
        DecoderConfig config = CONFIG.with(new AttentionShape(2, 2, HEAD_SIZE, false, SCALE));
        float[] actual;
        try (PositionTensors positions = new PositionTensors(
                        new RemappedRotary(LayerFrequencies.same(FREQUENCIES), remap),
                        config,
                        KEYS,
                        ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            RotaryTensors near = positions.rotation(0);
            PositionTensors.FarTensors far = positions.far(0).orElseThrow();
            Tensor nearKeys = rotated(keys, near.key, 0, KEYS);
            Tensor result = arena.empty(ScalarType.Float, 1, count, HEAD_SIZE);
            BlockAttention attention = new BlockAttention(config, Precision.FLOAT32, 64, arena);
            attention.attend(
                    result,
                    new BlockAttention.Span(
                            rotated(queries, near.query, first, count),
                            nearKeys,
                            tensor(values, KEYS),
                            first,
                            count,
                            window,
                            positions,
                            0,
                            new BlockAttention.Far(
                                    rotated(queries, far.rotation().query, first, count),
                                    rotated(keys, far.rotation().key, 0, KEYS),
                                    far.window())),
                    1e9f);
            actual = HostCopy.of(result);
        }
        for (int i = 0; i < count; i++) {
            double[] expected = attended(queries, keys, values, i, first + i, window, remap);
            for (int s = 0; s < HEAD_SIZE; s++) {
                assertThat((double) actual[i * HEAD_SIZE + s]).isCloseTo(expected[s], within(2e-5));
            }
        }
    }

    /** Softmax over every key that is seen, each pair of features turned by frequency times distance. */
    private static double[] attended(
            float[] queries, float[] keys, float[] values, int row, int position, int window, PositionRemap remap) {
        int from = window == 0 ? 0 : Math.max(0, position - window + 1);
        double[] result = new double[HEAD_SIZE];
        double sum = 0;
        for (int key = from; key <= position; key++) {
            double score = 0;
            for (int pair = 0; pair < HEAD_SIZE / 2; pair++) {
                double angle = FREQUENCIES.radiansPerToken(pair) * remap.distance(position, key);
                double a = queries[row * HEAD_SIZE + 2 * pair];
                double b = queries[row * HEAD_SIZE + 2 * pair + 1];
                double c = keys[key * HEAD_SIZE + 2 * pair];
                double d = keys[key * HEAD_SIZE + 2 * pair + 1];
                score += Math.cos(angle) * (a * c + b * d) - Math.sin(angle) * (b * c - a * d);
            }
            double weight = Math.exp(score * SCALE * 1.1 * 1.1 * remap.queryFactor(position));
            sum += weight;
            for (int s = 0; s < HEAD_SIZE; s++) {
                result[s] += weight * values[key * HEAD_SIZE + s];
            }
        }
        for (int s = 0; s < HEAD_SIZE; s++) {
            result[s] /= sum;
        }
        return result;
    }

    @Test
    void aTextThatIsContinuedAndOneThatIsScoredAgreeAndOtherEncodingsStayAsTheyWere() {
        DecoderConfig config = DecoderConfig.llamaStyle(11, 8, 2, 2, 1, 4, 12, 1e-5, true);
        int[] tokens = new int[700];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = random.nextInt(11);
        }
        RemappedRotary remapped = new RemappedRotary(
                LayerFrequencies.same(RopeFrequencies.of(new double[] {1, 0.1}, 1)), new SelfExtend(20, 8));
        RotaryEncoding plain = new RotaryEncoding(remapped.frequencies());
        try (FrozenDecoder decoder = FrozenDecoder.load(config, new RandomWeights(config, 3), Precision.FLOAT32, 2)) {
            TokenWindow window = new TokenWindow(tokens, 1);
            float[] before = losses(decoder, plain, window);
            float[] all = losses(decoder, remapped, window);
            assertThat(losses(decoder, plain, window)).isEqualTo(before);
            assertThat(all).isNotEqualTo(before);
            for (int i = 0; i < 19; i++) {
                assertThat(all[i]).isCloseTo(before[i], within(1e-5f));
            }
            try (DecodingSession session = decoder.start(remapped, tokens.length)) {
                float[] logits = session.append(Arrays.copyOf(tokens, 650), PassListener.SILENT);
                for (int i = 650; i < tokens.length; i++) {
                    assertThat(negativeLogLikelihood(logits, tokens[i])).isCloseTo(all[i - 1], within(1e-4));
                    logits = session.append(new int[] {tokens[i]}, PassListener.SILENT);
                }
            }
        }
    }

    @Test
    void layersWithAWindowAreLeftAsTheyAre() {
        RemappedRotary encoding = new RemappedRotary(LayerFrequencies.same(FREQUENCIES), new RectifiedRope(3, 9));
        DecoderConfig config = CONFIG.with(AttentionKind.ofWindows(List.of(0, 64)));
        try (PositionTensors positions = new PositionTensors(encoding, config, 16, ComputeDevice.CPU)) {
            assertThat(positions.far(0))
                    .hasValueSatisfying(far -> assertThat(far.window()).isEqualTo(3));
            assertThat(positions.far(1)).isEmpty();
        }
    }

    private static float[] losses(FrozenDecoder decoder, PositionEncoding encoding, TokenWindow window) {
        return decoder.negativeLogLikelihoods(encoding, List.of(window), PassListener.SILENT)[0];
    }

    private static double negativeLogLikelihood(float[] logits, int token) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - logits[token]);
        }
        return Math.log(sum);
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private Tensor tensor(float[] values, int rows) {
        Tensor tensor = arena.floats(rows, HEAD_SIZE);
        HostCopy.into(tensor, values);
        return tensor;
    }

    private Tensor rotated(float[] values, Tensor table, int first, int rows) {
        Tensor tensor = tensor(values, rows);
        torch.view_as_complex(tensor.view(rows, HEAD_SIZE / 2, 2)).mul_(table.narrow(0, first, rows));
        return tensor;
    }
}
