package resonance.model.gguf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Floating-point numbers in little-endian bytes.
 *
 * <p>float16 is IEEE 754 half precision; bfloat16 is the upper half of a float32.
 */
final class PlainFloats {
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

    static void float32(byte[] source, int from, int count, float[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = (float) FLOATS.get(source, from + 4 * i);
        }
    }

    static void float16(byte[] source, int from, int count, float[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = half((short) SHORTS.get(source, from + 2 * i));
        }
    }

    static void bfloat16(byte[] source, int from, int count, float[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = Float.intBitsToFloat((short) SHORTS.get(source, from + 2 * i) << 16);
        }
    }

    /** The half at an index. */
    static float half(byte[] source, int at) {
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
}
