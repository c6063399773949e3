package resonance.model.gguf;

import resonance.model.storage.PlainFloats;

/**
 * The formats with 32 elements a block.
 *
 * <pre>
 *   Q4_0   d f16, 16 bytes of q                    x = (q - 8) d
 *   Q4_1   d f16, m f16, 16 bytes of q             x = q d + m
 *   Q5_0   d f16, 4 bytes of high bits, 16 of q    x = (q - 16) d
 *   Q5_1   d f16, m f16, 4 of high bits, 16 of q   x = q d + m
 *   Q8_0   d f16, 32 bytes of q, signed            x = q d </pre>
 *
 * <p>Byte j of q holds the lower four bits of element j in its lower half and those of element j + 16 in its upper; bit j
 * of the high bits is the fifth bit of element j.
 */
final class SmallBlocks {
    private static final int ELEMENTS = 32;
    private static final int HALF = 16;

    private SmallBlocks() {}

    /**
     * The formats of four and of five bits.
     *
     * @param bytes of a block
     * @param bias what is subtracted from q; 0 for a block that has a minimum instead
     */
    static void packed(
            byte[] source, int from, int blocks, float[] target, int offset, int bytes, boolean fiveBits, int bias) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += bytes, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at);
            // To add -0 changes no number, not even -0 itself.
            float least = bias == 0 ? PlainFloats.half(source, at + 2) : -0f;
            int quants = at + bytes - HALF;
            int high = fiveBits ? fifthBits(source, quants - 4) : 0;
            for (int j = 0; j < HALF; j++) {
                int pair = source[quants + j];
                int first = (pair & 0xf) | ((high >> j << 4) & 0x10);
                int second = ((pair >> 4) & 0xf) | ((high >> (j + 12)) & 0x10);
                target[out + j] = (first - bias) * scale + least;
                target[out + HALF + j] = (second - bias) * scale + least;
            }
        }
    }

    static void bytes(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 34, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at);
            int quants = at + 2;
            for (int j = 0; j < ELEMENTS; j++) {
                target[out + j] = source[quants + j] * scale;
            }
        }
    }

    private static int fifthBits(byte[] source, int at) {
        return (source[at] & 0xff)
                | ((source[at + 1] & 0xff) << 8)
                | ((source[at + 2] & 0xff) << 16)
                | (source[at + 3] << 24);
    }
}
