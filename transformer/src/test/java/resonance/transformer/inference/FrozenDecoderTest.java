package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.DecoderEvaluator;
import resonance.transformer.training.Initialisation;
import resonance.transformer.training.TokenBatch;

class FrozenDecoderTest {
    /** More than two blocks of rows and more than one run of keys. */
    private static final int LONG = 1500;

    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(97, 48, 3, 6, 2, 8, 64, 1e-5, true);
    private static final PositionEncoding PLAIN =
            RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(8, 10_000, 64)));

    @Test
    void logitsAreThoseOfTheTrainedDecodersOwnPass() {
        int[] text = text(LONG);
        try (Decoder decoder = decoder(CONFIG, 1);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, PLAIN, LONG, Precision.FLOAT32, 1);
                FrozenDecoder frozen = FrozenDecoder.load(CONFIG, decoder.weights(), Precision.FLOAT32, 2)) {
            float[] expected = evaluator.logits(new TokenBatch(1, LONG, text, text));
            assertClose(frozen.logits(PLAIN, text), expected, 2e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 30})
    void sharpAttentionTakesTheShiftedWayAndGivesTheSameLogits(double scale) {
        // With the larger factor on the attention logits the bound on the scores is far above what exp can take.
        DecoderConfig config = DecoderConfig.llamaStyle(97, 48, 3, 6, 2, 8, 64, 1e-5, false)
                .with(new AttentionShape(6, 2, 8, true, scale));
        int[] text = text(700);
        try (Decoder decoder = decoder(config, 2);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, PLAIN, 700, Precision.FLOAT32, 1);
                FrozenDecoder frozen = FrozenDecoder.load(config, decoder.weights(), Precision.FLOAT32, 1)) {
            float[] expected = evaluator.logits(new TokenBatch(1, 700, text, text));
            assertClose(frozen.logits(PLAIN, text), expected, 2e-4);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void lossesAreThoseOfTheLogits(Precision precision) {
        try (Decoder decoder = decoder(CONFIG, 3);
                FrozenDecoder frozen = FrozenDecoder.load(CONFIG, decoder.weights(), precision, 2)) {
            List<TokenWindow> windows = new ArrayList<>();
            int[][] shapes = {{600, 1}, {2, 1}, {257, 256}, {258, 257}, {300, 300}, {64, 10}};
            for (int[] shape : shapes) {
                windows.add(new TokenWindow(text(shape[0]), shape[1]));
            }
            float[][] losses = frozen.negativeLogLikelihoods(PLAIN, windows, PassListener.SILENT);
            for (int i = 0; i < shapes.length; i++) {
                TokenWindow window = windows.get(i);
                float[] logits = frozen.logits(PLAIN, window.tokens());
                assertThat(losses[i]).hasSize(window.scored());
                for (int j = 0; j < losses[i].length; j++) {
                    int position = window.firstScored() + j - 1;
                    double expected = logSum(logits, position) - logits[position * 97 + window.tokens()[position + 1]];
                    assertThat((double) losses[i][j]).isCloseTo(expected, within(2e-5));
                }
            }
        }
    }

    @Test
    void resultsDoNotDependOnTheNumberOfThreadsOrOnOtherWindows() {
        try (Decoder decoder = decoder(CONFIG, 4);
                FrozenDecoder one = FrozenDecoder.load(CONFIG, decoder.weights(), Precision.BFLOAT16, 1);
                FrozenDecoder three = FrozenDecoder.load(CONFIG, decoder.weights(), Precision.BFLOAT16, 3)) {
            TokenWindow window = new TokenWindow(text(900), 1);
            float[] alone = one.negativeLogLikelihoods(PLAIN, List.of(window), PassListener.SILENT)[0];
            float[][] together = three.negativeLogLikelihoods(
                    PLAIN, List.of(new TokenWindow(text(333), 5), window), PassListener.SILENT);
            assertThat(together[1]).isEqualTo(alone);
        }
    }

    /** After so much text its heads are attended by all threads, and the vocabulary is longer than one part of it. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aTokenAfterALongTextHasTheSameLogitsWithAnyNumberOfThreadsAndThoseOfTheWholeText(Precision precision) {
        int vocabulary = 5000;
        DecoderConfig config = DecoderConfig.llamaStyle(vocabulary, 48, 3, 6, 2, 8, 64, 1e-5, true);
        int[] text = text(1203);
        try (Decoder decoder = decoder(config, 6);
                FrozenDecoder one = FrozenDecoder.load(config, decoder.weights(), precision, 1);
                FrozenDecoder three = FrozenDecoder.load(config, decoder.weights(), precision, 3)) {
            List<float[]> alone = continued(one, text);
            List<float[]> shared = continued(three, text);
            float[] whole = one.logits(PLAIN, text);
            for (int i = 0; i < 3; i++) {
                int at = text.length - 3 + i;
                assertThat(shared.get(i)).isEqualTo(alone.get(i));
                assertClose(
                        alone.get(i),
                        java.util.Arrays.copyOfRange(whole, at * vocabulary, (at + 1) * vocabulary),
                        precision == Precision.FLOAT32 ? 1e-5 : 1e-2);
            }
        }
    }

    /** The logits after each of the last three tokens, which are written one by one. */
    private static List<float[]> continued(FrozenDecoder decoder, int[] text) {
        try (DecodingSession session = decoder.start(PLAIN, text.length)) {
            session.append(java.util.Arrays.copyOf(text, text.length - 3), PassListener.SILENT);
            List<float[]> logits = new ArrayList<>();
            for (int at = text.length - 3; at < text.length; at++) {
                logits.add(session.append(new int[] {text[at]}, PassListener.SILENT));
            }
            return logits;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 300})
    void aTextReadInPiecesGivesTheLogitsOfTheWholeText(int slidingWindow) {
        DecoderConfig config = DecoderConfig.llamaStyle(97, 48, 3, 6, 2, 8, 64, 1e-5, true)
                .with(AttentionKind.ofWindows(List.of(slidingWindow, 0, slidingWindow)));
        int[] text = text(640);
        try (Decoder decoder = decoder(CONFIG, 5);
                FrozenDecoder frozen = FrozenDecoder.load(config, decoder.weights(), Precision.FLOAT32, 2);
                DecodingSession session = frozen.start(PLAIN, 640)) {
            float[] whole = frozen.logits(PLAIN, text);
            int at = 0;
            for (int size : new int[] {1, 300, 1, 1, 255, 80, 2}) {
                float[] last = session.append(java.util.Arrays.copyOfRange(text, at, at + size), PassListener.SILENT);
                at += size;
                float[] expected = java.util.Arrays.copyOfRange(whole, (at - 1) * 97, at * 97);
                assertClose(last, expected, 1e-5);
            }
            session.rewind(300);
            float[] again = session.append(new int[] {text[300]}, PassListener.SILENT);
            assertClose(again, java.util.Arrays.copyOfRange(whole, 300 * 97, 301 * 97), 1e-5);
        }
    }

    @Test
    void aWindowHidesWhatLiesBeforeItAndNothingElse() {
        DecoderConfig config = DecoderConfig.llamaStyle(97, 48, 1, 6, 2, 8, 64, 1e-5, true)
                .with(AttentionKind.ofWindows(List.of(300)));
        int[] text = text(800);
        int[] other = text.clone();
        other[400] = (other[400] + 1) % 97;
        try (Decoder decoder = decoder(DecoderConfig.llamaStyle(97, 48, 1, 6, 2, 8, 64, 1e-5, true), 6);
                FrozenDecoder frozen = FrozenDecoder.load(config, decoder.weights(), Precision.FLOAT32, 1)) {
            float[] before = frozen.logits(PLAIN, text);
            float[] after = frozen.logits(PLAIN, other);
            for (int position = 0; position < 800; position++) {
                boolean sees = position >= 400 && position < 700;
                float[] one = java.util.Arrays.copyOfRange(before, position * 97, position * 97 + 97);
                float[] two = java.util.Arrays.copyOfRange(after, position * 97, position * 97 + 97);
                assertThat(java.util.Arrays.equals(one, two))
                        .as("position " + position)
                        .isEqualTo(!sees);
            }
        }
    }

    @Test
    void nativeMemoryStaysFlatAndIsFreed() {
        try (Decoder decoder = decoder(CONFIG, 7)) {
            use(decoder);
            long before = Pointer.totalCount();
            for (int i = 0; i < 5; i++) {
                use(decoder);
            }
            // The collector may free a pointer that an earlier test dropped, so the count can fall.
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
        }
    }

    private static void use(Decoder decoder) {
        try (FrozenDecoder frozen = FrozenDecoder.load(CONFIG, decoder.weights(), Precision.BFLOAT16, 2);
                DecodingSession session = frozen.start(PLAIN, 300)) {
            session.append(text(200), PassListener.SILENT);
            session.append(text(1), PassListener.SILENT);
            frozen.negativeLogLikelihoods(PLAIN, List.of(new TokenWindow(text(400), 7)), PassListener.SILENT);
            frozen.negativeLogLikelihoods(PLAIN, List.of(new TokenWindow(text(700), 7)), PassListener.SILENT);
        }
    }

    @Test
    void aListenerHearsProgressAndCanEndThePass() {
        try (Decoder decoder = decoder(CONFIG, 8);
                FrozenDecoder frozen = FrozenDecoder.load(CONFIG, decoder.weights(), Precision.FLOAT32, 2)) {
            List<Double> heard = new ArrayList<>();
            List<TokenWindow> windows = List.of(new TokenWindow(text(30), 1));
            float[][] losses = frozen.negativeLogLikelihoods(PLAIN, windows, heard::add);
            assertThat(heard).isSorted().endsWith(1.0).hasSizeGreaterThan(3);
            org.assertj.core.api.Assertions.assertThatIllegalStateException()
                    .isThrownBy(() -> frozen.negativeLogLikelihoods(PLAIN, windows, fraction -> {
                        throw new IllegalStateException("stop");
                    }))
                    .withMessage("stop");
            assertThat(frozen.negativeLogLikelihoods(PLAIN, windows, PassListener.SILENT)[0])
                    .isEqualTo(losses[0]);
        }
    }

    /** More targets than a block has rows, after a text, and again after going back. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void lossesOfWhatFollowsATextAreThoseOfTheWholeText(Precision precision) {
        int[] text = text(900);
        try (Decoder decoder = decoder(CONFIG, 12);
                FrozenDecoder frozen = FrozenDecoder.load(CONFIG, decoder.weights(), precision, 2);
                DecodingSession session = frozen.start(PLAIN, 899)) {
            float[] whole =
                    frozen.negativeLogLikelihoods(PLAIN, List.of(new TokenWindow(text, 500)), PassListener.SILENT)[0];
            session.append(java.util.Arrays.copyOf(text, 499), PassListener.SILENT);
            for (int time = 0; time < 2; time++) {
                float[] losses = session.negativeLogLikelihoods(
                        java.util.Arrays.copyOfRange(text, 499, 899), java.util.Arrays.copyOfRange(text, 500, 900));
                assertThat(session.length()).isEqualTo(899);
                assertClose(losses, whole, precision == Precision.FLOAT32 ? 1e-5 : 1e-2);
                session.rewind(499);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.negativeLogLikelihoods(new int[] {1, 2}, new int[] {1}))
                    .withMessage("targets must be as many as tokens (2), were 1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.negativeLogLikelihoods(new int[] {1}, new int[] {-1}))
                    .withMessageStartingWith("targets[0] must be from 0 to ")
                    .withMessageEndingWith(", was -1");
        }
    }

    @Test
    void rejectsATokenOutsideTheVocabulary() {
        try (Decoder decoder = decoder(CONFIG, 9);
                FrozenDecoder frozen = FrozenDecoder.load(CONFIG, decoder.weights(), Precision.FLOAT32, 1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> frozen.logits(PLAIN, new int[] {1, 97}))
                    .withMessage("tokens[1] must be from 0 to 96, was 97");
        }
    }

    @Test
    void rejectsMoreTokensThanASessionHasRoomFor() {
        try (Decoder decoder = decoder(CONFIG, 10);
                FrozenDecoder frozen = FrozenDecoder.load(CONFIG, decoder.weights(), Precision.FLOAT32, 1);
                DecodingSession session = frozen.start(PLAIN, 3)) {
            session.append(new int[] {1, 2}, PassListener.SILENT);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.append(new int[] {3, 4}, PassListener.SILENT))
                    .withMessage("tokens must fit the session's capacity of 3, were 2 after 2");
        }
    }

    private static Decoder decoder(DecoderConfig config, long seed) {
        Decoder decoder = Decoder.initialise(config, Initialisation.SMALL_NORMAL, seed, ComputeDevice.CPU);
        float[] values = decoder.parameters();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.2 * (random.nextDouble() - 0.5));
        }
        decoder.setParameters(values);
        return decoder;
    }

    private static int[] text(int length) {
        return new SplittableRandom(42).ints(length, 0, 97).toArray();
    }

    private static double logSum(float[] logits, int position) {
        double sum = 0;
        for (int i = 0; i < 97; i++) {
            sum += Math.exp(logits[position * 97 + i]);
        }
        return Math.log(sum);
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        double size = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
            size = Math.max(size, Math.abs(expected[i]));
        }
        assertThat(worst).isLessThan(tolerance * size);
        assertThat(Collections.singleton(Double.isNaN(worst))).containsExactly(false);
    }
}
