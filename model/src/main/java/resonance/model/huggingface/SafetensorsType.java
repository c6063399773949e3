package resonance.model.huggingface;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The element types of safetensors files that can be read and written; all become float32 in memory. */
public enum SafetensorsType {
    /** IEEE 754 single precision. */
    F32(4) {
        @Override
        void decode(ByteBuffer source, int count, float[] target, int offset) {
            source.asFloatBuffer().get(target, offset, count);
        }

        @Override
        void encode(float[] source, int offset, int count, ByteBuffer target) {
            target.asFloatBuffer().put(source, offset, count);
            target.position(target.position() + 4 * count);
        }
    },

    /** IEEE 754 half precision: 5 bits of exponent, 10 of fraction. */
    F16(2) {
        @Override
        void decode(ByteBuffer source, int count, float[] target, int offset) {
            int position = source.position();
            for (int i = 0; i < count; i++) {
                target[offset + i] = halfToFloat(source.getShort(position + 2 * i));
            }
        }

        @Override
        void encode(float[] source, int offset, int count, ByteBuffer target) {
            for (int i = 0; i < count; i++) {
                target.putShort(floatToHalf(source[offset + i]));
            }
        }
    },

    /** The upper half of single precision: 8 bits of exponent, 7 of fraction. */
    BF16(2) {
        @Override
        void decode(ByteBuffer source, int count, float[] target, int offset) {
            int position = source.position();
            for (int i = 0; i < count; i++) {
                target[offset + i] = Float.intBitsToFloat(source.getShort(position + 2 * i) << 16);
            }
        }

        @Override
        void encode(float[] source, int offset, int count, ByteBuffer target) {
            for (int i = 0; i < count; i++) {
                target.putShort(floatToBfloat(source[offset + i]));
            }
        }
    };

    private final int bytes;

    SafetensorsType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The value nearest to this one that the type can hold. */
    float rounded(float value) {
        ByteBuffer element = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        encode(new float[] {value}, 0, 1, element);
        float[] rounded = new float[1];
        decode(element.flip(), 1, rounded, 0);
        return rounded[0];
    }

    /** Elements at the position of a little-endian buffer, which stays where it is. */
    abstract void decode(ByteBuffer source, int count, float[] target, int offset);

    /** Puts elements, rounded to nearest with ties to even, into a little-endian buffer. */
    abstract void encode(float[] source, int offset, int count, ByteBuffer target);

    /** The value of a half, exactly. */
    static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int magnitude = half & 0x7fff;
        if (magnitude >= 0x7c00) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
        }
        if (magnitude >= 0x0400) {
            return Float.intBitsToFloat(sign | (magnitude << 13) + (112 << 23));
        }
        float subnormal = magnitude * 0x1p-24f;
        return sign == 0 ? subnormal : -subnormal;
    }

    static short floatToHalf(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        if (magnitude >= 65520) {
            return (short) (sign | 0x7c00);
        }
        int bits = Float.floatToRawIntBits(magnitude) - (112 << 23);
        return (short) (sign | (bits + 0xfff + (bits >>> 13 & 1)) >>> 13);
    }

    private static short floatToBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
