package resonance.model.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Floating-point numbers in little-endian bytes: float32; float16, IEEE 754 half precision with 5 bits of exponent and 10
 * of fraction; and bfloat16, the upper half of a float32.
 *
 * <p>Decoding is exact, encoding rounds to nearest with ties to even.
 */
public final class PlainFloats {
    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int HALF_MAGNITUDE = 0x7fff;
    private static final int HALF_INFINITY = 0x7c00;
    private static final int FLOAT_INFINITY = 0x7f800000;

    /** The exponents' biases are 15 and 127. */
    private static final float HALF_TO_FLOAT = 0x1p112f;

    private PlainFloats() {}

    /** Reads {@code count} float32 values from a byte index on. */
    public static void float32(byte[] source, int from, int count, float[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = (float) FLOATS.get(source, from + 4 * i);
        }
    }

    /** Reads {@code count} float16 values from a byte index on. */
    public static void float16(byte[] source, int from, int count, float[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = half(source, from + 2 * i);
        }
    }

    /** Reads {@code count} bfloat16 values from a byte index on. */
    public static void bfloat16(byte[] source, int from, int count, float[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = Float.intBitsToFloat((short) SHORTS.get(source, from + 2 * i) << 16);
        }
    }

    /** The half at a byte index. */
    public static float half(byte[] source, int at) {
        return half((short) SHORTS.get(source, at));
    }

    /**
     * The value of a half, exactly: its exponent and fraction are moved into a float's places, and the product with a
     * power of two mends the bias, subnormal halves included.
     */
    static float half(short bits) {
        int moved = (bits & HALF_MAGNITUDE) << 13;
        int magnitude = (bits & HALF_INFINITY) == HALF_INFINITY
                ? moved | FLOAT_INFINITY
                : Float.floatToRawIntBits(Float.intBitsToFloat(moved) * HALF_TO_FLOAT);
        return Float.intBitsToFloat(((bits & 0x8000) << 16) | magnitude);
    }

    /** The bits of the half nearest to a value. */
    public static short toHalf(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        if (magnitude >= 65520) {
            return (short) (sign | HALF_INFINITY);
        }
        int bits = Float.floatToRawIntBits(magnitude) - (112 << 23);
        return (short) (sign | (bits + 0xfff + (bits >>> 13 & 1)) >>> 13);
    }

    /** The bits of the bfloat16 nearest to a value. */
    public static short toBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
