package resonance.model.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import resonance.model.storage.PlainFloats;

/**
 * How the elements of a tensor are stored: as floats, or quantised in blocks that share one or two scales.
 *
 * <p>A row of a tensor is a whole number of blocks. The formulas are at {@link PlainFloats}, {@link SmallBlocks} and
 * {@link SuperBlocks}; values agree bit for bit with the {@code gguf} Python package.
 */
public enum GgmlType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    BF16(30, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210);

    /** Types that exist and are not read, by their numbers from 16 on. */
    private static final List<String> NOT_READ =
            List.of("IQ2_XXS IQ2_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ2_S IQ4_XS I8 I16 I32 I64 F64 IQ1_M".split(" ", -1));

    /** The same with other numbers; those given up by the format are left out. */
    private static final Map<Integer, String> OTHERS_NOT_READ =
            Map.of(9, "Q8_1", 15, "Q8_K", 34, "TQ1_0", 35, "TQ2_0", 39, "MXFP4", 40, "NVFP4");

    private static final Map<Integer, GgmlType> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toMap(GgmlType::number, type -> type));

    private final int number;
    private final int blockElements;
    private final int blockBytes;

    GgmlType(int number, int blockElements, int blockBytes) {
        this.number = number;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Elements of a block. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Reads consecutive blocks as float32.
     *
     * @param source holds the blocks from index {@code from} on
     * @param target receives {@code blocks * blockElements} values from index {@code offset} on
     * @throws IndexOutOfBoundsException if either array is too short
     */
    public void decode(byte[] source, int from, int blocks, float[] target, int offset) {
        switch (this) {
            case F32 -> PlainFloats.float32(source, from, blocks, target, offset);
            case F16 -> PlainFloats.float16(source, from, blocks, target, offset);
            case BF16 -> PlainFloats.bfloat16(source, from, blocks, target, offset);
            case Q4_0 -> SmallBlocks.packed(source, from, blocks, target, offset, blockBytes, false, 8);
            case Q4_1 -> SmallBlocks.packed(source, from, blocks, target, offset, blockBytes, false, 0);
            case Q5_0 -> SmallBlocks.packed(source, from, blocks, target, offset, blockBytes, true, 16);
            case Q5_1 -> SmallBlocks.packed(source, from, blocks, target, offset, blockBytes, true, 0);
            case Q8_0 -> SmallBlocks.bytes(source, from, blocks, target, offset);
            case Q2_K -> SuperBlocks.q2(source, from, blocks, target, offset);
            case Q3_K -> SuperBlocks.q3(source, from, blocks, target, offset);
            case Q4_K -> SuperBlocks.q4or5(source, from, blocks, target, offset, blockBytes, false);
            case Q5_K -> SuperBlocks.q4or5(source, from, blocks, target, offset, blockBytes, true);
            case Q6_K -> SuperBlocks.q6(source, from, blocks, target, offset);
        }
    }

    /**
     * Elements as a plain type stores them, little-endian, rounded to nearest with ties to even.
     *
     * @throws IllegalArgumentException if it is a quantised type
     */
    public byte[] encode(float[] source, int offset, int count) {
        ByteBuffer target = ByteBuffer.allocate(count * blockBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = offset; i < offset + count; i++) {
            switch (this) {
                case F32 -> target.putFloat(source[i]);
                case F16 -> target.putShort(PlainFloats.toHalf(source[i]));
                case BF16 -> target.putShort(PlainFloats.toBfloat(source[i]));
                default -> throw new IllegalArgumentException("type must be F32, F16 or BF16, was " + this);
            }
        }
        return target.array();
    }

    /** The type that new values of a tensor of this type are stored in: the same, or half precision for a quantised one. */
    public GgmlType unquantised() {
        return isPlain() ? this : F16;
    }

    int number() {
        return number;
    }

    /** True if every element stands for itself. */
    boolean isPlain() {
        return blockElements == 1;
    }

    static Optional<GgmlType> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    static String names() {
        return Arrays.stream(values()).map(GgmlType::name).collect(Collectors.joining(", "));
    }

    /** What a number stands for, for messages. */
    static String nameOf(int number) {
        return number >= 16 && number < 16 + NOT_READ.size()
                ? NOT_READ.get(number - 16)
                : OTHERS_NOT_READ.getOrDefault(number, "the unknown number " + Integer.toUnsignedString(number));
    }
}
