package resonance.model.huggingface;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import resonance.model.storage.PlainFloats;

/** The element types of safetensors files that can be read and written; all become float32 in memory. */
public enum SafetensorsType {
    /** IEEE 754 single precision. */
    F32(4),
    /** IEEE 754 half precision: 5 bits of exponent, 10 of fraction. */
    F16(2),
    /** The upper half of single precision: 8 bits of exponent, 7 of fraction. */
    BF16(2);

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
        float[] rounded = new float[1];
        decode(encode(new float[] {value}, 0, 1), 1, rounded, 0);
        return rounded[0];
    }

    /** Reads the first elements of little-endian bytes. */
    void decode(byte[] source, int count, float[] target, int offset) {
        switch (this) {
            case F32 -> PlainFloats.float32(source, 0, count, target, offset);
            case F16 -> PlainFloats.float16(source, 0, count, target, offset);
            case BF16 -> PlainFloats.bfloat16(source, 0, count, target, offset);
        }
    }

    /** Elements as little-endian bytes, rounded to nearest with ties to even. */
    byte[] encode(float[] source, int offset, int count) {
        ByteBuffer target = ByteBuffer.allocate(count * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = offset; i < offset + count; i++) {
            switch (this) {
                case F32 -> target.putFloat(source[i]);
                case F16 -> target.putShort(PlainFloats.toHalf(source[i]));
                case BF16 -> target.putShort(PlainFloats.toBfloat(source[i]));
            }
        }
        return target.array();
    }
}
