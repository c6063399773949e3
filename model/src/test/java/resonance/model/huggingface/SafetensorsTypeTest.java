package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTypeTest {
    @ParameterizedTest
    @EnumSource(
            value = SafetensorsType.class,
            names = {"F16", "BF16"})
    void everyShortNumberStaysItselfWhenRoundedAgain(SafetensorsType type) {
        ByteBuffer stored = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 1 << 16; bits++) {
            stored.putShort(2 * bits, (short) bits);
        }
        float[] values = new float[1 << 16];
        type.decode(stored.array(), values.length, values, 0);
        for (int bits = 0; bits < 1 << 16; bits++) {
            Float again = type.rounded(values[bits]);
            assertThat(again).as(type + " " + bits).isEqualTo(Float.valueOf(values[bits]));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SafetensorsType.class,
            names = {"F16", "BF16"})
    void numbersAreRoundedToTheNearestAndTiesToEven(SafetensorsType type) {
        Random random = new Random(7);
        for (int trial = 0; trial < 20_000; trial++) {
            short bits = (short) random.nextInt(type == SafetensorsType.F16 ? 0x7bff : 0x7f7f);
            float below = decoded(type, bits);
            float above = decoded(type, (short) (bits + 1));
            float middle = (float) (((double) below + above) / 2);
            float even = (bits & 1) == 0 ? below : above;
            String what = type + " between " + below + " and " + above;
            assertThat(type.rounded(middle)).as(what).isEqualTo(even);
            assertThat(type.rounded(Math.nextUp(middle))).as(what).isEqualTo(above);
            assertThat(type.rounded(Math.nextDown(middle))).as(what).isEqualTo(below);
            assertThat(type.rounded(-middle)).as(what).isEqualTo(-even);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F16, 65519, 65504",
        "F16, 65520, Infinity",
        "F16, 2.9e-8, 0",
        "BF16, 3.39e38, 3.3895314E38",
        "BF16, 3.4028235E38, Infinity",
        "BF16, 33.941125, 34"
    })
    void numbersBeyondTheEdgesAreRoundedAsIeee754Says(SafetensorsType type, float value, float expected) {
        assertThat(type.rounded(value)).isEqualTo(expected);
    }

    private static float decoded(SafetensorsType type, short bits) {
        float[] value = new float[1];
        type.decode(new byte[] {(byte) bits, (byte) (bits >> 8)}, 1, value, 0);
        return value[0];
    }
}
