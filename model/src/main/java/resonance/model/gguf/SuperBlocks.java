package resonance.model.gguf;

import resonance.model.storage.PlainFloats;

/**
 * The "K" formats: 256 elements a block, in groups of 16 or 32 whose own scales are quantised too.
 *
 * <pre>
 *   Q2_K   16 bytes of group scales (4 bits) and minima (4 bits), 64 of q, d f16, m f16     x = d s q - m t
 *   Q3_K   32 bytes of high bits, 64 of q, 12 of group scales (6 bits), d f16               x = d (s - 32) (q - 4)
 *   Q4_K   d f16, m f16, 12 bytes of scales and minima (6 bits each), 128 of q              x = d s q - m t
 *   Q5_K   d f16, m f16, 12 bytes as in Q4_K, 32 of high bits, 128 of q                     x = d s q - m t
 *   Q6_K   128 bytes of lower bits, 64 of upper, 16 of group scales (signed), d f16         x = d s (q - 32) </pre>
 *
 * <p>s and t are the group's scale and minimum. Products are formed from the left, as in the reference code.
 */
final class SuperBlocks {
    private static final int ELEMENTS = 256;

    private SuperBlocks() {}

    static void q2(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 84, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at + 80);
            float least = PlainFloats.half(source, at + 82);
            for (int group = 0; group < 16; group++) {
                int packed = source[at + group];
                float groupScale = scale * (packed & 0xf);
                float groupLeast = least * ((packed >> 4) & 0xf);
                int quants = at + 16 + 32 * (group / 8) + 16 * (group % 2);
                int shift = group / 2 % 4 * 2;
                int first = out + 16 * group;
                for (int j = 0; j < 16; j++) {
                    target[first + j] = groupScale * ((source[quants + j] >> shift) & 3) - groupLeast;
                }
            }
        }
    }

    static void q3(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 110, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at + 108);
            for (int group = 0; group < 16; group++) {
                int lower = (source[at + 96 + group % 8] >> (4 * (group / 8))) & 0xf;
                int upper = (source[at + 104 + group % 4] >> (2 * (group / 4))) & 3;
                float groupScale = scale * ((lower | (upper << 4)) - 32);
                int highs = at + 16 * (group % 2);
                int quants = at + 32 + 32 * (group / 8) + 16 * (group % 2);
                int shift = group / 2 % 4 * 2;
                int highBit = group / 2;
                int first = out + 16 * group;
                for (int j = 0; j < 16; j++) {
                    int quant = ((source[quants + j] >> shift) & 3) | (((source[highs + j] >> highBit) & 1) << 2);
                    target[first + j] = groupScale * (quant - 4);
                }
            }
        }
    }

    /** Q4_K and Q5_K, which has a fifth bit for every element besides. */
    static void q4or5(byte[] source, int from, int blocks, float[] target, int offset, int bytes, boolean fiveBits) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += bytes, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at);
            float least = PlainFloats.half(source, at + 2);
            int highs = at + 16;
            for (int group = 0; group < 8; group++) {
                float groupScale = scale * groupScale(source, at + 4, group);
                float groupLeast = least * groupLeast(source, at + 4, group);
                int quants = at + bytes - 128 + 32 * (group / 2);
                int shift = 4 * (group % 2);
                int first = out + 32 * group;
                for (int j = 0; j < 32; j++) {
                    int high = fiveBits ? (source[highs + j] >> group & 1) << 4 : 0;
                    target[first + j] = groupScale * ((source[quants + j] >> shift & 0xf) | high) - groupLeast;
                }
            }
        }
    }

    static void q6(byte[] source, int from, int blocks, float[] target, int offset) {
        int at = from;
        int out = offset;
        for (int block = 0; block < blocks; block++, at += 210, out += ELEMENTS) {
            float scale = PlainFloats.half(source, at + 208);
            for (int group = 0; group < 16; group++) {
                float groupScale = scale * source[at + 192 + group];
                int half = group / 8;
                int quarter = group / 2 % 4;
                int within = 16 * (group % 2);
                int lowers = at + 64 * half + 32 * (quarter % 2) + within;
                int lowerShift = 4 * (quarter / 2);
                int uppers = at + 128 + 32 * half + within;
                int upperShift = 2 * quarter;
                int first = out + 16 * group;
                for (int j = 0; j < 16; j++) {
                    int quant = ((source[lowers + j] >> lowerShift) & 0xf)
                            | (((source[uppers + j] >> upperShift) & 3) << 4);
                    target[first + j] = groupScale * (quant - 32);
                }
            }
        }
    }

    /** Six bits: whole in a byte for the first four groups, four and two bits from different bytes for the others. */
    private static int groupScale(byte[] source, int at, int group) {
        if (group < 4) {
            return source[at + group] & 63;
        }
        return (source[at + group + 4] & 0xf) | (((source[at + group - 4] >> 6) & 3) << 4);
    }

    private static int groupLeast(byte[] source, int at, int group) {
        if (group < 4) {
            return source[at + group + 4] & 63;
        }
        return ((source[at + group + 4] >> 4) & 0xf) | (((source[at + group] >> 6) & 3) << 4);
    }
}
