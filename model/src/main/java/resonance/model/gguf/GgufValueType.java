package resonance.model.gguf;

import java.util.Arrays;
import java.util.Optional;

/** The types of metadata values, by the numbers that stand for them in a file. */
public enum GgufValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 0),
    ARRAY(9, 0),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    /** A string's length alone. */
    private static final int SMALLEST_STRING = 8;

    /** An array's element type and count alone. */
    private static final int SMALLEST_ARRAY = 12;

    private final int number;
    private final int bytes;

    GgufValueType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    static Optional<GgufValueType> of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    int number() {
        return number;
    }

    /** True for numbers and truths, whose values have one size. */
    boolean isFixed() {
        return bytes > 0;
    }

    boolean isInteger() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
        };
    }

    boolean isFloatingPoint() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** Bytes of a value; the fewest that it can have if it is a string or an array. */
    int smallestBytes() {
        return switch (this) {
            case STRING -> SMALLEST_STRING;
            case ARRAY -> SMALLEST_ARRAY;
            default -> bytes;
        };
    }
}
