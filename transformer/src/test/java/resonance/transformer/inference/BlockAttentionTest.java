package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/** Attention in runs of keys against the softmax written out. */
class BlockAttentionTest {
    private static final int HEAD_SIZE = 4;
    private static final int GROUP = 2;
    private static final int KEYS = 320;
    private static final DecoderConfig CONFIG =
            DecoderConfig.llamaStyle(5, 8, 1, 2 * GROUP, 2, HEAD_SIZE, 8, 1e-5, true);

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final Random random = new Random(4);

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest(name = "{0} queries from {1}, window {2}, scores of {3}, bias {4}")
    @CsvSource({
        "1, 0, 0, 1, false",
        "64, 0, 0, 1, false",
        "64, 256, 0, 1, false",
        "17, 300, 0, 1, false",
        "64, 256, 1, 1, false",
        "64, 256, 100, 1, false",
        "64, 200, 150, 1, false",
        "64, 256, 0, 400, false",
        "33, 280, 50, 400, false",
        "64, 256, 0, 1, true",
        "40, 230, 60, 1, true",
    })
    void aWeightedMeanOfTheValuesThatAreSeen(int count, int first, int window, float size, boolean biased) {
        PositionEncoding encoding = biased ? new AlibiEncoding() : new NoEncoding();
        float[] queries = numbers(GROUP * count * HEAD_SIZE, size);
        float[] keys = numbers(KEYS * HEAD_SIZE, 1);
        float[] values = numbers(KEYS * HEAD_SIZE, 1);
        float[] actual;
        try (PositionTensors positions = new PositionTensors(encoding, CONFIG, KEYS, ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            Tensor result = arena.empty(ScalarType.Float, GROUP, count, HEAD_SIZE);
            BlockAttention attention = new BlockAttention(CONFIG, Precision.FLOAT32, 64, arena);
            attention.attend(
                    result,
                    new BlockAttention.Span(
                            tensor(queries, GROUP * count),
                            tensor(keys, KEYS),
                            tensor(values, KEYS),
                            first,
                            count,
                            window,
                            positions,
                            GROUP,
                            null),
                    largestNorm(keys));
            actual = HostCopy.of(result);
        }
        for (int g = 0; g < GROUP; g++) {
            for (int i = 0; i < count; i++) {
                double[] expected = attended(queries, keys, values, g * count + i, first + i, window, biased, g);
                for (int s = 0; s < HEAD_SIZE; s++) {
                    assertThat((double) actual[(g * count + i) * HEAD_SIZE + s])
                            .isCloseTo(expected[s], within(2e-5 * Math.sqrt(size)));
                }
            }
        }
    }

    private static double[] attended(
            float[] queries,
            float[] keys,
            float[] values,
            int row,
            int position,
            int window,
            boolean biased,
            int head) {
        double[] scores = new double[position + 1];
        double largest = Double.NEGATIVE_INFINITY;
        int from = window == 0 ? 0 : Math.max(0, position - window + 1);
        for (int key = from; key <= position; key++) {
            for (int s = 0; s < HEAD_SIZE; s++) {
                scores[key] += (double) queries[row * HEAD_SIZE + s] * keys[key * HEAD_SIZE + s];
            }
            scores[key] += biased ? -AlibiEncoding.slope(GROUP + head, 2 * GROUP) * (position - key) : 0;
            largest = Math.max(largest, scores[key]);
        }
        double sum = 0;
        double[] result = new double[HEAD_SIZE];
        for (int key = from; key <= position; key++) {
            double weight = Math.exp(scores[key] - largest);
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
    void refusesMoreQueriesThanItHasRoomFor() {
        try (PositionTensors positions = new PositionTensors(new NoEncoding(), CONFIG, KEYS, ComputeDevice.CPU)) {
            Tensor any = arena.floats(1);
            BlockAttention attention = new BlockAttention(CONFIG, Precision.FLOAT32, 64, arena);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> attention.attend(
                            any, new BlockAttention.Span(any, any, any, 0, 65, 0, positions, 0, null), 1))
                    .withMessage("count must be at most 64, was 65");
        }
    }

    private float[] numbers(int count, float size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (size * random.nextGaussian());
        }
        return numbers;
    }

    private Tensor tensor(float[] values, int rows) {
        Tensor tensor = arena.floats(rows, HEAD_SIZE);
        HostCopy.into(tensor, values);
        return tensor;
    }

    private static float largestNorm(float[] keys) {
        double largest = 0;
        for (int key = 0; key < KEYS; key++) {
            double square = 0;
            for (int s = 0; s < HEAD_SIZE; s++) {
                square += (double) keys[key * HEAD_SIZE + s] * keys[key * HEAD_SIZE + s];
            }
            largest = Math.max(largest, square);
        }
        return (float) Math.sqrt(largest);
    }
}
