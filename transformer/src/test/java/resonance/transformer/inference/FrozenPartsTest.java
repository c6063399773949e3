package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/** The parts of a frozen decoder, and what it refuses. */
class FrozenPartsTest {
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(13, 8, 3, 2, 1, 4, 12, 1e-5, false);

    @Test
    void blocksCoverEveryRowOnceAndTheLongestToAttendComeFirst() {
        List<PassSequence> sequences = List.of(
                new PassSequence(new int[600], 0, 0, 0),
                new PassSequence(new int[1], 600, 0, 600),
                new PassSequence(new int[256], 601, 1000, 0));
        boolean[] covered = new boolean[857];
        int before = Integer.MAX_VALUE;
        for (PassSequence.Block block : FrozenPass.blocks(sequences)) {
            assertThat(block.rows()).isBetween(1, FrozenPass.BLOCK);
            assertThat(block.position()).isLessThanOrEqualTo(before);
            before = block.position();
            for (int row = block.row(); row < block.row() + block.rows(); row++) {
                assertThat(covered[row]).isFalse();
                covered[row] = true;
            }
        }
        assertThat(covered).containsOnly(true);
    }

    @Test
    void aStoreOfTwoSlotsTakesTurnsAndForgetsTheNormsOfTheLayerBefore() {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU)) {
            KeyValueStore store = new KeyValueStore(CONFIG, Precision.FLOAT32, 2, 5, false, arena);
            assertThat(store.keys(0)).isSameAs(store.keys(2)).isNotSameAs(store.keys(1));
            assertThat(store.values(0)).isSameAs(store.values(2)).isNotSameAs(store.keys(0));
            store.noteNorms(0, new float[] {3});
            store.noteNorms(0, new float[] {2});
            store.noteNorms(1, new float[] {1});
            assertThat(store.largestKey(0, 0)).isEqualTo(3);
            store.prepare(2, false);
            assertThat(store.largestKey(2, 0)).isZero();
            assertThat(store.largestKey(1, 0)).isEqualTo(1);
        }
    }

    @Test
    void aStoreOfEveryLayerForgetsNothingWhileATextGoesOn() {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU)) {
            KeyValueStore store = new KeyValueStore(CONFIG, Precision.FLOAT32, 3, 5, false, arena);
            store.noteNorms(2, new float[] {4});
            store.prepare(2, false);
            assertThat(store.largestKey(2, 0)).isEqualTo(4);
        }
    }

    @Test
    void everyParameterIsReadOnceAndWhole() {
        RandomWeights weights = new RandomWeights(CONFIG, 1);
        java.util.Map<Parameter, Long> read = new java.util.HashMap<>();
        try (FrozenWeights frozen = new FrozenWeights(
                CONFIG,
                (parameter, first, count, target, offset) -> {
                    assertThat(first).isEqualTo(read.getOrDefault(parameter, 0L));
                    read.merge(parameter, (long) count, Long::sum);
                    weights.read(parameter, first, count, target, offset);
                },
                Precision.BFLOAT16)) {
            assertThat(frozen.tensors.blocks).hasSize(3);
        }
        assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(CONFIG.parameters());
        read.forEach((parameter, count) -> assertThat(count).isEqualTo(parameter.size()));
    }

    @Test
    void aSourceThatFailsEndsTheLoadingWithItsOwnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrozenDecoder.load(
                        CONFIG,
                        (parameter, first, count, target, offset) -> {
                            throw new IllegalArgumentException("no " + parameter.name());
                        },
                        Precision.FLOAT32,
                        1))
                .withMessage("no embedding");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrozenDecoder.load(CONFIG, new RandomWeights(CONFIG, 1), Precision.FLOAT32, 0))
                .withMessage("threads must be at least 1, was 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 1 | tokens must be at least 2, were 1",
                "4 | 0 | firstScored must be from 1 to 4, was 0",
                "4 | 5 | firstScored must be from 1 to 4, was 5"
            })
    void aWindowScoresTokensOfItsOwnThatHaveOneBefore(int tokens, int firstScored, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenWindow(new int[tokens], firstScored))
                .withMessage(message);
        assertThat(new TokenWindow(new int[4], 4).scored()).isZero();
    }

    @Test
    void aSessionGoesBackButNotBeyondWhatItRead() {
        try (FrozenDecoder frozen = FrozenDecoder.load(CONFIG, new RandomWeights(CONFIG, 2), Precision.FLOAT32, 1);
                DecodingSession session = frozen.start(new NoEncoding(), 6)) {
            float[] first = session.append(new int[] {3, 1, 4}, PassListener.SILENT);
            session.append(new int[] {1, 5}, PassListener.SILENT);
            session.rewind(2);
            assertThat(session.length()).isEqualTo(2);
            // One row is multiplied in another order than three.
            assertThat(session.append(new int[] {4}, PassListener.SILENT)).containsExactly(first, within(1e-5f));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.rewind(4))
                    .withMessage("newLength must be from 0 to 3, was 4");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.append(new int[0], PassListener.SILENT))
                    .withMessage("tokens must be at least one, were none");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> frozen.start(new NoEncoding(), 0))
                    .withMessage("capacity must be at least 1 token, was 0");
            assertThat(frozen.negativeLogLikelihoods(new NoEncoding(), List.of(), PassListener.SILENT))
                    .isEmpty();
            assertThat(frozen.precision()).isEqualTo(Precision.FLOAT32);
        }
    }

    @Test
    void anotherEncodingInTheSameDecoderLeavesNothingOfTheFirst() {
        int[] text = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        RandomWeights weights = new RandomWeights(CONFIG, 3);
        try (FrozenDecoder used = FrozenDecoder.load(CONFIG, weights, Precision.FLOAT32, 2);
                FrozenDecoder fresh = FrozenDecoder.load(CONFIG, weights, Precision.FLOAT32, 2)) {
            float[] biased = used.logits(new resonance.transformer.position.AlibiEncoding(), text);
            assertThat(used.logits(new NoEncoding(), text))
                    .isEqualTo(fresh.logits(new NoEncoding(), text))
                    .isNotEqualTo(biased);
            assertThat(used.logits(new NoEncoding(), Arrays.copyOf(text, 3)))
                    .containsExactly(Arrays.copyOf(fresh.logits(new NoEncoding(), text), 3 * 13), within(1e-5f));
        }
    }
}
