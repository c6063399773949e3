package resonance.model.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainFloatsTest {
    @Test
    void everyHalfIsItsSignTimesItsFractionTimesAPowerOfTwo() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            int fraction = bits & 0x3ff;
            double magnitude = exponent == 0
                    ? fraction * Math.pow(2, -24)
                    : exponent < 31
                            ? (1024 + fraction) * Math.pow(2, exponent - 25)
                            : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            float expected = (float) (bits >= 0x8000 ? -magnitude : magnitude);
            assertThat(PlainFloats.half((short) bits))
                    .as(Integer.toHexString(bits))
                    .isEqualTo(Float.valueOf(expected));
        }
    }

    @Test
    void everyHalfAndEveryBfloatThatIsANumberIsEncodedAsItself() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            byte[] stored = {(byte) bits, (byte) (bits >> 8)};
            float[] values = new float[2];
            PlainFloats.float16(stored, 0, 1, values, 0);
            PlainFloats.bfloat16(stored, 0, 1, values, 1);
            if (!Float.isNaN(values[0])) {
                assertThat(PlainFloats.toHalf(values[0])).isEqualTo((short) bits);
            }
            if (!Float.isNaN(values[1])) {
                assertThat(PlainFloats.toBfloat(values[1])).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void noNumberBecomesAnInfinityOfTheOtherSignOrLosesItsNaN() {
        assertThat(PlainFloats.toHalf(Float.NaN) & 0x7e00).isEqualTo(0x7e00);
        assertThat(PlainFloats.toBfloat(Float.NaN) & 0x7fc0).isEqualTo(0x7fc0);
        assertThat(PlainFloats.half(PlainFloats.toHalf(-1e9f))).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(PlainFloats.half(PlainFloats.toHalf(-1e-9f))).isEqualTo(-0f);
    }
}
