package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every quantised format against its formula, element by element: the bits of one element are looked up alone, in double.
 */
class QuantisedBlocksTest {
    private static final long SEED = 11;
    private static final int BLOCKS = 50;

    @ParameterizedTest
    @EnumSource(
            value = GgmlType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F32", "F16", "BF16"})
    void everyElementIsWhatItsFormulaSays(GgmlType type) {
        Random random = new Random(SEED);
        byte[] source = new byte[BLOCKS * type.blockBytes()];
        random.nextBytes(source);
        for (int block = 0; block < BLOCKS; block++) {
            for (int at : halves(type)) {
                // Exponents from 2^-14 to 2^1, so that no scale is infinite or lost in rounding.
                source[block * type.blockBytes() + at + 1] = (byte) (random.nextInt(2) << 7 | 4 + random.nextInt(60));
            }
        }
        float[] values = new float[BLOCKS * type.blockElements()];
        type.decode(source, 0, BLOCKS, values, 0);
        for (int i = 0; i < values.length; i++) {
            Block block = new Block(source, i / type.blockElements() * type.blockBytes());
            double expected = element(type, block, i % type.blockElements());
            double tolerance = 1e-6 * magnitude(type, block, i % type.blockElements());
            assertThat((double) values[i])
                    .as("seed %d, %s, element %d", SEED, type, i)
                    .isBetween(expected - tolerance, expected + tolerance);
        }
    }

    @ParameterizedTest
    @EnumSource(GgmlType.class)
    void blocksAreDecodedAloneAsTheyAreTogether(GgmlType type) {
        byte[] source = new byte[7 * type.blockBytes()];
        new Random(SEED).nextBytes(source);
        float[] together = new float[7 * type.blockElements()];
        type.decode(source, 0, 7, together, 0);
        float[] alone = new float[together.length];
        for (int block = 6; block >= 0; block--) {
            type.decode(source, block * type.blockBytes(), 1, alone, block * type.blockElements());
        }
        assertThat(alone).isEqualTo(together);
    }

    /** Where the scales in half precision lie. */
    private static int[] halves(GgmlType type) {
        return switch (type) {
            case Q4_0, Q5_0, Q8_0 -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            case F32, F16, BF16 -> new int[0];
        };
    }

    private static double element(GgmlType type, Block block, int i) {
        int pair = i % 16;
        int upper = i / 16;
        return switch (type) {
            case Q4_0 -> block.half(0) * (block.bits(2 + pair, 4 * upper, 4) - 8);
            case Q4_1 -> block.half(0) * block.bits(4 + pair, 4 * upper, 4) + block.half(2);
            case Q5_0 -> block.half(0) * (block.bits(6 + pair, 4 * upper, 4) + 16 * block.bit(2, i) - 16);
            case Q5_1 -> block.half(0) * (block.bits(8 + pair, 4 * upper, 4) + 16 * block.bit(4, i)) + block.half(2);
            case Q8_0 -> block.half(0) * block.bytes[block.at + 2 + i];
            case Q2_K ->
                block.half(80) * block.bits(i / 16, 0, 4) * block.bits(16 + packed(i), shift(i), 2)
                        - block.half(82) * block.bits(i / 16, 4, 4);
            case Q3_K ->
                block.half(108)
                        * (block.bits(96 + i / 16 % 8, i / 128 * 4, 4)
                                + 16 * block.bits(104 + i / 16 % 4, i / 64 * 2, 2)
                                - 32)
                        * (block.bits(32 + packed(i), shift(i), 2) + 4 * block.bits(i % 32, i / 32, 1) - 4);
            case Q4_K ->
                block.half(0) * block.scale(i / 32) * block.bits(16 + i / 64 * 32 + i % 32, i / 32 % 2 * 4, 4)
                        - block.half(2) * block.least(i / 32);
            case Q5_K ->
                block.half(0)
                                * block.scale(i / 32)
                                * (block.bits(48 + i / 64 * 32 + i % 32, i / 32 % 2 * 4, 4)
                                        + 16 * block.bits(16 + i % 32, i / 32, 1))
                        - block.half(2) * block.least(i / 32);
            case Q6_K ->
                block.half(208)
                        * block.bytes[block.at + 192 + i / 16]
                        * (block.bits(i / 128 * 64 + i % 64, i / 64 % 2 * 4, 4)
                                + 16 * block.bits(128 + i / 128 * 32 + i % 32, i / 32 % 4 * 2, 2)
                                - 32);
            case F32, F16, BF16 -> throw new IllegalArgumentException("type must be quantised, was " + type);
        };
    }

    /** How large the terms are that an element is the difference of. */
    private static double magnitude(GgmlType type, Block block, int i) {
        double least = switch (type) {
            case Q4_1, Q5_1 -> block.half(2);
            case Q2_K -> block.half(82) * 15;
            case Q4_K, Q5_K -> block.half(2) * 63;
            default -> 0;
        };
        return Math.abs(element(type, block, i)) + Math.abs(least);
    }

    /** The byte with the two bits of an element: 32 bytes hold four quarters of 128 elements. */
    private static int packed(int i) {
        return i / 128 * 32 + i % 32;
    }

    private static int shift(int i) {
        return i / 32 % 4 * 2;
    }

    /** One block's bits. */
    private static final class Block {
        private final byte[] bytes;
        private final int at;

        Block(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        int bits(int index, int shift, int count) {
            return (bytes[at + index] & 0xff) >> shift & ((1 << count) - 1);
        }

        /** One of 32 bits in a row. */
        int bit(int index, int number) {
            return bits(index + number / 8, number % 8, 1);
        }

        double half(int index) {
            int all = bits(index, 0, 8) | bits(index + 1, 0, 8) << 8;
            double magnitude = (1024 + (all & 0x3ff)) * Math.pow(2, (all >> 10 & 31) - 25);
            return all >= 0x8000 ? -magnitude : magnitude;
        }

        /** The first four of six bits each in a byte; the others' lower four and upper two in different ones. */
        int scale(int group) {
            return group < 4 ? bits(4 + group, 0, 6) : bits(8 + group, 0, 4) + 16 * bits(group, 6, 2);
        }

        int least(int group) {
            return group < 4 ? bits(8 + group, 0, 6) : bits(8 + group, 4, 4) + 16 * bits(4 + group, 6, 2);
        }
    }
}
