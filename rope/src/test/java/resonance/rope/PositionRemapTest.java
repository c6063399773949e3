package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PositionRemapTest {
    @Test
    void selfExtendGroupsFarDistances() {
        SelfExtend remap = new SelfExtend(10, 4);
        assertThat(remap.distance(30, 21)).isEqualTo(9);
        assertThat(remap.distance(30, 20)).isEqualTo(30 / 4 + 10 - 10 / 4 - 20 / 4);
        assertThat(remap.distance(103, 0)).isEqualTo(25 + 8);
        assertThat(remap.queryFactor(1_000_000)).isEqualTo(1);
    }

    @Test
    void rectifiedRopeHasNoDistanceAboveItsWindowAndSharpensQueriesBeyondTheTrainedLength() {
        RectifiedRope remap = new RectifiedRope(10, 64);
        assertThat(remap.distance(30, 21)).isEqualTo(9);
        assertThat(remap.distance(30, 20)).isEqualTo(10);
        assertThat(remap.distance(5_000, 0)).isEqualTo(10);
        assertThat(remap.queryFactor(62)).isEqualTo(1);
        assertThat(remap.queryFactor(4_095)).isCloseTo(2, within(1e-15));
    }

    @Test
    void shiftedRopeBeginsFarDistancesAgain() {
        ShiftedRope remap = new ShiftedRope(20, 5);
        assertThat(remap.distance(30, 11)).isEqualTo(19);
        assertThat(remap.distance(30, 10)).isEqualTo(5);
        assertThat(remap.distance(30, 0)).isEqualTo(15);
        assertThat(remap.farQuery(3)).isZero();
    }

    /** The values that each takes for a text of four trained lengths, and of one. */
    @Test
    void whatIsTakenForATextKeepsDistancesWithinTheTrainedLengthWhereItCan() {
        PositionRemap extended = SelfExtend.METHOD.factory().of(256, 1024);
        assertThat(extended).isEqualTo(new SelfExtend(64, 6));
        assertThat(largest(extended, 1024)).isLessThan(256);
        assertThat(largest(new SelfExtend(64, 5), 1024)).isEqualTo(256);
        assertThat(SelfExtend.METHOD.factory().of(256, 256)).isEqualTo(new SelfExtend(64, 1));
        assertThat(RectifiedRope.METHOD.factory().of(256, 1024)).isEqualTo(new RectifiedRope(64, 256));
        assertThat(ShiftedRope.METHOD.factory().of(256, 256)).isEqualTo(new ShiftedRope(85, 64));
        PositionRemap shifted = ShiftedRope.METHOD.factory().of(256, 400);
        assertThat(shifted).isEqualTo(new ShiftedRope(208, 64));
        assertThat(largest(shifted, 400)).isEqualTo(255);
        assertThat(ShiftedRope.METHOD.factory().of(256, 1024)).isEqualTo(new ShiftedRope(256, 64));
        assertThat(ShiftedRope.METHOD.factory().of(131_072, 131_072)).isEqualTo(new ShiftedRope(43_690, 128));
    }

    private static long largest(PositionRemap remap, int length) {
        long largest = 0;
        for (int query = 0; query < length; query++) {
            for (int key = 0; key <= query; key++) {
                largest = Math.max(largest, remap.distance(query, key));
            }
        }
        return largest;
    }

    @Test
    void oneThatCanNotBeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SelfExtend(0, 1))
                .withMessage("window must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShiftedRope(4, 5))
                .withMessage("local must be at most window (4), was 5");
    }

    @Test
    void theyAreNamesForMeasuringAloneAndTakeNoResonance() {
        RopeEncodings measured = RopeEncodings.standard().forMeasuring();
        assertThat(measured.remaps().stream().map(RemapMethod::name))
                .containsExactly("self-extend", "rerope", "string");
        EncodingName rerope = measured.encoding("rerope");
        assertThat(rerope.remapMethod()).contains(RectifiedRope.METHOD);
        assertThat(rerope.label()).isEqualTo("ReRoPE");
        assertThat(EncodingName.valueOf("rerope")).isEqualTo(rerope);
        assertThat(measured.encodings()).contains(rerope);
        assertThatThrownBy(() -> measured.encoding("resonance-rerope"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "encoding must be a scaling to have resonance- before it, was 'resonance-rerope'; take 'rerope'");
        for (RopeEncodings others : List.of(
                RopeEncodings.standard().forModels(), RopeEncodings.standard().forTraining())) {
            assertThatThrownBy(() -> others.encoding("string"))
                    .isInstanceOf(Refusal.class)
                    .hasMessage(
                            "encoding must be one that frequencies can say, was string, which remaps positions; it can"
                                    + " be measured alone, by perplexity, passkey and evaluate");
        }
        assertThatThrownBy(() -> RopeEncodings.standard().method("self-extend"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "scaling must be one that frequencies can say, was self-extend, which remaps positions; it can"
                                + " be measured alone, by perplexity, passkey and evaluate");
    }
}
