package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.decoder.DecoderConfig;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.Precision;

class TokenStepTest {
    private static final int VOCABULARY = 97;
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(VOCABULARY, 96, 2, 6, 2, 16, 160, 1e-5, true);
    private static final PositionEncoding PLAIN =
            RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(16, 10_000, 64)));

    /** Of different lengths, one longer than a run of keys; more of them than are taken at once. */
    private static final int[] LENGTHS = {5, 1100, 1, 40, 300, 17, 2, 8, 9, 64};

    @ParameterizedTest
    @EnumSource(Precision.class)
    void textsThatGoOnTogetherGetTheLogitsThatEachGetsAlone(Precision precision) {
        try (FrozenDecoder decoder = decoder(precision, 2)) {
            List<float[][]> together = goOn(decoder, PLAIN, true);
            List<float[][]> alone = goOn(decoder, PLAIN, false);
            for (int step = 0; step < together.size(); step++) {
                assertThat(together.get(step)).isDeepEqualTo(alone.get(step));
            }
        }
    }

    @Test
    void textsUnderAnEncodingThatBiasesScoresGoOnToo() {
        PositionEncoding encoding = new AlibiEncoding();
        try (FrozenDecoder decoder = decoder(Precision.FLOAT32, 1)) {
            assertThat(goOn(decoder, encoding, true).get(2))
                    .isDeepEqualTo(goOn(decoder, encoding, false).get(2));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void howManyThreadsShareAStepChangesNothing(Precision precision) {
        try (FrozenDecoder one = decoder(precision, 1);
                FrozenDecoder five = decoder(precision, 5)) {
            assertThat(goOn(five, PLAIN, true).get(2))
                    .isDeepEqualTo(goOn(one, PLAIN, true).get(2));
        }
    }

    /** Logits after each of three tokens that follow texts of {@link #LENGTHS}, (step, text, V). */
    private static List<float[][]> goOn(FrozenDecoder decoder, PositionEncoding encoding, boolean together) {
        List<DecodingSession> sessions = new ArrayList<>();
        try {
            for (int length : LENGTHS) {
                DecodingSession session = decoder.start(encoding, length + 3);
                sessions.add(session);
                session.append(text(length, length), PassListener.SILENT);
            }
            List<float[][]> logits = new ArrayList<>();
            for (int step = 0; step < 3; step++) {
                int[] tokens = text(LENGTHS.length, step);
                if (together) {
                    logits.add(DecodingSession.appendEach(sessions, tokens));
                } else {
                    float[][] each = new float[tokens.length][];
                    for (int i = 0; i < tokens.length; i++) {
                        each[i] = sessions.get(i).append(new int[] {tokens[i]}, PassListener.SILENT);
                    }
                    logits.add(each);
                }
            }
            assertThat(sessions).extracting(DecodingSession::length).startsWith(8, 1103, 4);
            return logits;
        } finally {
            sessions.forEach(DecodingSession::close);
        }
    }

    @Test
    void refusesTextsThatCannotGoOnTogether() {
        try (FrozenDecoder decoder = decoder(Precision.FLOAT32, 1);
                DecodingSession session = decoder.start(PLAIN, 2);
                DecodingSession other = decoder.start(new NoEncoding(), 2)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DecodingSession.appendEach(List.of(session), new int[] {1, 2}))
                    .withMessage("tokens must be as many as sessions (1), were 2");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DecodingSession.appendEach(List.of(session, other), new int[] {1, 2}))
                    .withMessage("sessions must have one decoder and one encoding, session 1 has another");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DecodingSession.appendEach(List.of(session, session), new int[] {1, 2}))
                    .withMessage("sessions must stand once each, session 1 stands twice");
            session.append(new int[] {1, 2}, PassListener.SILENT);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DecodingSession.appendEach(List.of(session), new int[] {3}))
                    .withMessage("tokens must fit the session's capacity of 2, were 1 after 2");
            assertThat(DecodingSession.appendEach(List.of(), new int[0])).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "0, 1024, 1", "0, 1025, 2", "1023, 1025, 2", "1024, 1025, 1", "100, 5000, 5"})
    void runsBeginAtMultiplesOfTheirLength(int begin, int end, int runs) {
        assertThat(TokenAttention.runs(begin, end)).isEqualTo(runs);
    }

    @Test
    void runsOfScoresOfAnySizeJoinToTheirWeightedMean() {
        // One query of head size 2: m, l and o of two runs; by hand, with shares 1 : 3 after the shift by 1000.
        float[][] runs = {{1000, 1, 2, 4}, {1000, 3, 9, 3}};
        float[] joined = new float[3];
        TokenAttention.join(runs, 0, 2, 1, 2, joined, 1);
        assertThat(joined).containsExactly(new float[] {0, 2.75f, 1.75f}, within(1e-6f));

        runs[1][0] = 0; // exp(−1000) of the first
        TokenAttention.join(runs, 0, 2, 1, 2, joined, 1);
        assertThat(joined).containsExactly(0, 2, 4);
    }

    @Test
    void numbersAreRoundedToTheNearestBfloat16AndTiesToEven() {
        assertThat(FewRows.round(1)).isEqualTo((short) 0x3f80);
        assertThat(FewRows.round(Float.intBitsToFloat(0x3f808000))).isEqualTo((short) 0x3f80);
        assertThat(FewRows.round(Float.intBitsToFloat(0x3f818000))).isEqualTo((short) 0x3f82);
        assertThat(FewRows.round(Float.intBitsToFloat(0x3f808001))).isEqualTo((short) 0x3f81);
        assertThat(FewRows.round(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
        assertThat(FewRows.round(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xff80);
        assertThat(FewRows.round(Float.intBitsToFloat(0x7f800001))).isEqualTo((short) 0x7fc0);
    }

    private static FrozenDecoder decoder(Precision precision, int threads) {
        return FrozenDecoder.load(CONFIG, new RandomWeights(CONFIG, 3), precision, threads);
    }

    private static int[] text(int length, long seed) {
        return new SplittableRandom(seed).ints(length, 0, VOCABULARY).toArray();
    }
}
