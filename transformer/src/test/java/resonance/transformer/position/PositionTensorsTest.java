package resonance.transformer.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.rope.LayerFrequencies;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

class PositionTensorsTest {
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(11, 12, 2, 2, 1, 6, 8, 1e-5, true);
    private static final int POSITIONS = 9;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 100})
    void aMaskHidesTheFutureAndWhatHasLeftTheWindow(int window) {
        try (PositionTensors tensors = tensors(new NoEncoding());
                TensorArena arena = new TensorArena(ComputeDevice.CPU)) {
            float[] mask = HostCopy.of(tensors.mask(AttentionKind.ofWindow(window), 7, 2, arena));
            assertThat(mask).hasSize(7 * 7);
            for (int query = 0; query < 7; query++) {
                for (int key = 0; key < 7; key++) {
                    boolean seen = key <= query && (window == 0 || query - key < window);
                    assertThat(mask[7 * query + key])
                            .as("query %d, key %d", query, key)
                            .isEqualTo(seen ? 0 : Float.NEGATIVE_INFINITY);
                }
            }
        }
    }

    @Test
    void biasesAreByHeadAndDistanceInMasksAndInRuns() {
        try (PositionTensors tensors = tensors(new AlibiEncoding());
                TensorArena arena = new TensorArena(ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            float[] mask = HostCopy.of(tensors.mask(AttentionKind.FULL, POSITIONS, 2, arena));
            float[] run = HostCopy.of(Objects.requireNonNull(tensors.biases(1, 1, 5, 3, 2, 5)));
            for (int query = 0; query < 3; query++) {
                for (int key = 0; key < 5; key++) {
                    int distance = 5 + query - (2 + key);
                    if (distance >= 0) {
                        float expected = (float) (-AlibiEncoding.slope(1, 2) * distance);
                        assertThat(run[5 * query + key]).isEqualTo(expected);
                        assertThat(mask[(POSITIONS + 5 + query) * POSITIONS + 2 + key])
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void withoutAnEncodingQueriesAndKeysStayAsTheyAre() {
        try (PositionTensors tensors = tensors(new NoEncoding());
                PointerScope scope = new PointerScope()) {
            assertThat(HostCopy.of(torch.view_as_real(tensors.rotation(0).key)))
                    .containsOnly(1, 0)
                    .hasSize(2 * 3 * POSITIONS);
            assertThat(tensors.input()).isNull();
            assertThat(tensors.hasScoreBias()).isFalse();
            assertThat(tensors.biases(0, 1, 0, 1, 0, 1)).isNull();
        }
    }

    /** The product of a rotated query and a rotated key must depend on their distance alone. */
    @Test
    void rotationsTellRelativePositionsOnly() {
        try (PositionTensors tensors = tensors(RotaryEncoding.of(frequencies(100)));
                PointerScope scope = new PointerScope()) {
            float[] query = HostCopy.of(torch.view_as_real(tensors.rotation(0).query));
            float[] key = HostCopy.of(torch.view_as_real(tensors.rotation(0).key));
            for (int pair = 0; pair < 3; pair++) {
                for (int distance = 0; distance < 4; distance++) {
                    double first = score(query, key, distance, 0, pair);
                    for (int position = 1; position + distance < POSITIONS; position++) {
                        assertThat(score(query, key, position + distance, position, pair))
                                .isCloseTo(first, within(1e-6));
                    }
                }
            }
        }
    }

    /** Real part of (table of the query) · conj(table of the key). */
    private static double score(float[] query, float[] key, int queryPosition, int keyPosition, int pair) {
        int q = 2 * (3 * queryPosition + pair);
        int k = 2 * (3 * keyPosition + pair);
        return (double) query[q] * key[k] + (double) query[q + 1] * key[k + 1];
    }

    @Test
    void theLogitScaleIsInTheQueriesTableOnly() {
        try (PositionTensors tensors = tensors(RotaryEncoding.of(frequencies(100)));
                PointerScope scope = new PointerScope()) {
            float[] query = HostCopy.of(torch.view_as_real(tensors.rotation(0).query));
            float[] key = HostCopy.of(torch.view_as_real(tensors.rotation(0).key));
            for (int i = 0; i < key.length; i++) {
                assertThat(query[i]).isCloseTo((float) (1 / Math.sqrt(6)) * key[i], within(1e-7f));
            }
        }
    }

    @Test
    void layersOfAKindShareOneTableAndLayersWithAWindowHaveTheirOwn() {
        DecoderConfig config = CONFIG.with(AttentionKind.ofWindows(List.of(0, 4, 0, 4)));
        PositionEncoding two = new RotaryEncoding(new LayerFrequencies(frequencies(100), frequencies(10_000)));
        try (PositionTensors different = new PositionTensors(two, config, POSITIONS, ComputeDevice.CPU);
                PositionTensors same = new PositionTensors(
                        RotaryEncoding.of(frequencies(100)), config, POSITIONS, ComputeDevice.CPU)) {
            assertThat(different.rotation(0)).isSameAs(different.rotation(2)).isNotSameAs(different.rotation(1));
            assertThat(different.rotation(1)).isSameAs(different.rotation(3));
            assertThat(same.rotation(0)).isSameAs(same.rotation(1));
        }
    }

    @Test
    void tablesServeTheirEncodingUpToTheirLength() {
        try (PositionTensors tensors = tensors(RotaryEncoding.of(frequencies(100)))) {
            assertThat(tensors.serves(RotaryEncoding.of(frequencies(100)), POSITIONS))
                    .isTrue();
            assertThat(tensors.serves(RotaryEncoding.of(frequencies(100)), POSITIONS + 1))
                    .isFalse();
            assertThat(tensors.serves(RotaryEncoding.of(frequencies(101)), 1)).isFalse();
            assertThat(tensors.serves(new NoEncoding(), 1)).isFalse();
        }
    }

    @Test
    void whatIsAddedToTheInputIsKeptRowByRow() {
        try (PositionTensors tensors = tensors(new SinusoidalEncoding());
                PointerScope scope = new PointerScope()) {
            Tensor input = Objects.requireNonNull(tensors.input());
            float[] rows = new SinusoidalEncoding().input(5, 12).orElseThrow();
            assertThat(HostCopy.of(input.select(0, 4))).isEqualTo(Arrays.copyOfRange(rows, 4 * 12, 5 * 12));
        }
    }

    @Test
    void refusesAnEncodingOfAnotherHeadSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tensors(RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(8, 10_000, 16)))))
                .withMessage("the encoding's pairs must be half the decoder's headSize (3), were 4");
    }

    private static PositionTensors tensors(PositionEncoding encoding) {
        return new PositionTensors(encoding, CONFIG, POSITIONS, ComputeDevice.CPU);
    }

    private static RopeFrequencies frequencies(double base) {
        return new NoScaling().frequencies(RopeShape.of(6, base, 16));
    }
}
