package resonance.transformer.inference;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.transformer.tensor.TensorArena;

/**
 * A matrix of a few rows that Java fills and reads, and native products take: float32, or bfloat16 rounded to the nearest, ties to
 * even.
 *
 * <p>At a few rows calling an operator costs more than what it does, so all but products is done on Java's arrays; copying in and out
 * are the only native calls.
 */
final class FewRows {
    final int width;

    private final boolean narrow;
    private final Tensor[] first; // by number of rows: (rows, width)
    private final FloatPointer floats; // the elements, in float32
    private final ShortPointer shorts; // the elements, in bfloat16
    private final short[] rounded;

    /**
     * @param type float32 or bfloat16
     * @param rows at most
     * @param arena owns the native memory
     */
    FewRows(ScalarType type, int rows, int width, TensorArena arena) {
        this.width = width;
        narrow = type == ScalarType.BFloat16;
        Tensor all = arena.empty(type, (long) rows * width);
        first = new Tensor[rows + 1];
        try (PointerScope scope = new PointerScope()) {
            for (int r = 1; r <= rows; r++) {
                first[r] = arena.keep(all.narrow(0, 0, (long) r * width).view(r, width));
            }
        }
        floats = new FloatPointer(all.data_ptr());
        shorts = new ShortPointer(all.data_ptr());
        rounded = new short[narrow ? rows * width : 0];
    }

    /** The first rows, (rows, width). */
    Tensor tensor(int rows) {
        return first[rows];
    }

    /** An element of a row and those after it, in float32. */
    FloatPointer at(int row, int column) {
        return floats.getPointer((long) row * width + column);
    }

    /** Overwrites the first rows. */
    void put(float[] values, int rows) {
        int count = rows * width;
        if (narrow) {
            for (int i = 0; i < count; i++) {
                rounded[i] = round(values[i]);
            }
            shorts.put(rounded, 0, count);
        } else {
            floats.put(values, 0, count);
        }
    }

    /**
     * Copies the first rows into some columns of a matrix.
     *
     * @param target row-major, of {@code targetWidth} columns
     * @param at the first row's first element in it
     * @param buffer the reader's own, of at least rows times width elements
     */
    void get(float[] target, int targetWidth, int at, int rows, Buffer buffer) {
        int count = rows * width;
        if (count == 0) {
            return; // native memory of no elements has no address
        }
        if (narrow) {
            shorts.get(buffer.shorts, 0, count);
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < width; i++) {
                    target[at + row * targetWidth + i] = Float.intBitsToFloat(buffer.shorts[row * width + i] << 16);
                }
            }
        } else {
            floats.get(buffer.floats, 0, count);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(buffer.floats, row * width, target, at + row * targetWidth, width);
            }
        }
    }

    /** Where a reader's elements pass through. */
    static final class Buffer {
        final short[] shorts;
        final float[] floats;

        Buffer(int size) {
            shorts = new short[size];
            floats = new float[size];
        }
    }

    /** A number's nearest bfloat16; what is no number stays none. */
    static short round(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
