package resonance.model.gguf;

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

    static void q4Symmetric(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 18, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at);
            int quants = at + 2;
            for (int j = 0; j < HALF; j++) {
                int pair = source[quants + j];
                target[out + j] = ((pair & 0xf) - 8) * scale;
                target[out + HALF + j] = (((pair >> 4) & 0xf) - 8) * scale;
            }
        }
    }

    static void q4Offset(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 20, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at);
            float least = PlainFloats.half(source, at + 2);
            int quants = at + 4;
            for (int j = 0; j < HALF; j++) {
                int pair = source[quants + j];
                target[out + j] = (pair & 0xf) * scale + least;
                target[out + HALF + j] = ((pair >> 4) & 0xf) * scale + least;
            }
        }
    }

    static void q5Symmetric(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 22, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at);
            int high = fifthBits(source, at + 2);
            int quants = at + 6;
            for (int j = 0; j < HALF; j++) {
                int pair = source[quants + j];
                target[out + j] = (((pair & 0xf) | ((high >> j << 4) & 0x10)) - 16) * scale;
                target[out + HALF + j] = ((((pair >> 4) & 0xf) | ((high >> (j + 12)) & 0x10)) - 16) * scale;
            }
        }
    }

    static void q5Offset(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 24, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at);
            float least = PlainFloats.half(source, at + 2);
            int high = fifthBits(source, at + 4);
            int quants = at + 8;
            for (int j = 0; j < HALF; j++) {
                int pair = source[quants + j];
                target[out + j] = ((pair & 0xf) | ((high >> j << 4) & 0x10)) * scale + least;
                target[out + HALF + j] = (((pair >> 4) & 0xf) | ((high >> (j + 12)) & 0x10)) * scale + least;
            }
        }
    }

    static void q8Symmetric(byte[] source, int from, int blocks, float[] target, int offset) {
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
