package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.Precision;

/** Sessions that go back, and what is lost in bfloat16, for windows and for heads that share keys. */
class RewindTest {
    private static final int VOCABULARY = 29;
    private static final int LENGTH = 24;
    private static final PositionEncoding ENCODING =
            RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(8, 10_000, 64)));

    private static DecoderConfig config(int keyValueHeads, int window) {
        return DecoderConfig.llamaStyle(VOCABULARY, 32, 2, 4, keyValueHeads, 8, 48, 1e-5, false)
                .with(AttentionKind.ofWindows(List.of(window, 0)));
    }

    private static FrozenDecoder decoder(DecoderConfig config, Precision precision) {
        return FrozenDecoder.load(config, new RandomWeights(config, 5), precision, 2);
    }

    private static int[] text(long seed, int length) {
        return new SplittableRandom(seed).ints(length, 0, VOCABULARY).toArray();
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "2, 3", "1, 1", "1, 7"})
    void goingBackAndReadingAnotherTextIsReadingItAnew(int keyValueHeads, int window) {
        int[] first = text(1, LENGTH);
        int[] second = text(2, LENGTH);
        try (FrozenDecoder decoder = decoder(config(keyValueHeads, window), Precision.FLOAT32);
                DecodingSession session = decoder.start(ENCODING, LENGTH)) {
            for (int kept = 0; kept < LENGTH; kept++) {
                session.rewind(0);
                session.append(first, PassListener.SILENT);
                session.rewind(kept);
                assertThat(session.length()).isEqualTo(kept);
                float[] continued = session.append(Arrays.copyOfRange(second, kept, LENGTH), PassListener.SILENT);
                int[] joined = second.clone();
                System.arraycopy(first, 0, joined, 0, kept);
                try (DecodingSession anew = decoder.start(ENCODING, LENGTH)) {
                    float[] expected = anew.append(joined, PassListener.SILENT);
                    assertThat(distance(continued, expected))
                            .as("%s tokens kept", kept)
                            .isLessThan(1e-5);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 11})
    void aTextInPiecesOfAnySizeEndsWithTheSameLogits(int size) {
        int[] text = text(3, LENGTH);
        try (FrozenDecoder decoder = decoder(config(2, 6), Precision.FLOAT32);
                DecodingSession session = decoder.start(ENCODING, LENGTH)) {
            float[] logits = decoder.logits(ENCODING, text);
            for (int read = 0; read < LENGTH; ) {
                int next = Math.min(LENGTH, read + size);
                float[] last = session.append(Arrays.copyOfRange(text, read, next), PassListener.SILENT);
                read = next;
                float[] expected = Arrays.copyOfRange(logits, (read - 1) * VOCABULARY, read * VOCABULARY);
                assertThat(distance(last, expected)).as("after %s tokens", read).isLessThan(1e-5);
            }
            assertThat(session.length()).isEqualTo(LENGTH);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "4, 1", "2, 3", "1, 7"})
    void bfloat16LosesNoMoreThanItsEightBitsInEveryWindow(int keyValueHeads, int window) {
        DecoderConfig config = config(keyValueHeads, window);
        int[] text = text(4, LENGTH);
        try (FrozenDecoder exact = decoder(config, Precision.FLOAT32);
                FrozenDecoder rounded = decoder(config, Precision.BFLOAT16)) {
            // Eight bits are 0.4 %; the errors of two layers' products add up.
            assertThat(distance(rounded.logits(ENCODING, text), exact.logits(ENCODING, text)))
                    .isGreaterThan(1e-5)
                    .isLessThan(0.05);
        }
    }

    @Test
    void aSessionRefusesWhatItHasNoRoomForAndStaysAsItWas() {
        int[] text = text(5, 6);
        try (FrozenDecoder decoder = decoder(config(2, 3), Precision.FLOAT32);
                DecodingSession session = decoder.start(ENCODING, 6)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> decoder.start(ENCODING, 0))
                    .withMessage("capacity must be at least 1 token, was 0");
            session.append(Arrays.copyOf(text, 4), PassListener.SILENT);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.append(text, PassListener.SILENT))
                    .withMessage("tokens must fit the session's capacity of 6, were 6 after 4");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.rewind(5))
                    .withMessage("newLength must be from 0 to 4, was 5");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.rewind(-1))
                    .withMessage("newLength must be from 0 to 4, was -1");
            float[] last = session.append(Arrays.copyOfRange(text, 4, 6), PassListener.SILENT);
            float[] logits = decoder.logits(ENCODING, text);
            assertThat(distance(last, Arrays.copyOfRange(logits, 5 * VOCABULARY, 6 * VOCABULARY)))
                    .isLessThan(1e-5);
        }
    }

    /** The largest difference, in units of the largest expected number. */
    private static double distance(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        double size = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
            size = Math.max(size, Math.abs(expected[i]));
        }
        return largest / size;
    }
}
