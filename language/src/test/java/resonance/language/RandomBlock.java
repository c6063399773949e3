package resonance.language;

import java.nio.ByteBuffer;
import java.util.Random;
import resonance.model.gguf.GgmlType;

/**
 * Puts numbers of a wanted spread into a block of random bits: the values themselves in plain types, the block's scale and
 * minimum in quantised ones.
 *
 * <p>The scales follow from the types' formulas with every code equally likely: for Q4_1, say, x = q d + m with q from 0
 * to 15 has mean 0 if m = -7.5 d and then a deviation of 4.6 d.
 */
final class RandomBlock {
    private RandomBlock() {}

    static void finish(GgmlType type, ByteBuffer block, int at, double deviation, Random random) {
        double scale = deviation * (0.5 + random.nextDouble());
        switch (type) {
            case F32 -> block.putFloat(at, (float) (deviation * random.nextGaussian()));
            case F16 -> half(block, at, deviation * random.nextGaussian());
            case BF16 -> {
                int bits = Float.floatToIntBits((float) (deviation * random.nextGaussian()));
                block.putShort(at, (short) (bits >>> 16));
            }
            case Q4_0 -> half(block, at, scale / 4.6);
            case Q4_1 -> scaleAndMinimum(block, at, scale / 4.6, -7.5);
            case Q5_0 -> half(block, at, scale / 9.2);
            case Q5_1 -> scaleAndMinimum(block, at, scale / 9.2, -15.5);
            case Q8_0 -> half(block, at, scale / 74);
            case Q2_K -> scaleAndMinimum(block, at + 80, scale / 14, 1.5);
            case Q3_K -> half(block, at + 108, scale / 43);
            case Q4_K -> scaleAndMinimum(block, at, scale / 257, 7.5);
            case Q5_K -> scaleAndMinimum(block, at, scale / 526, 15.5);
            case Q6_K -> half(block, at + 208, scale / 1367);
        }
    }

    private static void scaleAndMinimum(ByteBuffer block, int at, double scale, double minimumInScales) {
        half(block, at, scale);
        half(block, at + 2, scale * minimumInScales);
    }

    /** Puts the half-precision number next to a value towards 0; those below 2^-14 keep fewer digits. */
    private static void half(ByteBuffer block, int at, double value) {
        int exponent = Math.max(Math.getExponent(value), -14);
        int magnitude = (int) (Math.abs(value) * Math.pow(2, 10 - exponent));
        int bits = magnitude < 1024 ? magnitude : (exponent + 15) << 10 | (magnitude - 1024);
        block.putShort(at, (short) (value < 0 ? bits | 0x8000 : bits));
    }
}
