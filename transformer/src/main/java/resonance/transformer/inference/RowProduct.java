package resonance.transformer.inference;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.transformer.tensor.TensorArena;

/**
 * A few rows times some rows of a weight matrix: y = x W[from … from + count)^T.
 *
 * <p>In float32 each row is a product of a matrix and a vector, in blocks of W that stay in a core's cache for the next row: W is read from
 * memory once, and a row's result is the same to the bit however many rows there are. In bfloat16 it is one product of two matrices,
 * which takes hardly longer for eight rows than for one.
 */
final class RowProduct {
    /** Bytes of a block of W, about: half a core's cache. */
    private static final int BLOCK_BYTES = 512 * 1024;

    /** Rows of W that a kernel takes together: where a block ends must not decide how a sum is rounded. */
    static final int UNIT = 32;

    final int count;

    private final int columns;
    private final Tensor weight; // (columns, count)
    private final FloatPointer weights; // (count, columns) in float32
    private final boolean narrow;

    /**
     * @param matrix W (O, I), float32 or bfloat16, contiguous
     * @param arena owns a view of it
     */
    RowProduct(Tensor matrix, int from, int count, TensorArena arena) {
        this.count = count;
        columns = Math.toIntExact(matrix.size(1));
        narrow = matrix.scalar_type().intern() != ScalarType.Float;
        try (PointerScope scope = new PointerScope()) {
            weight = arena.keep(matrix.narrow(0, from, count).t());
        }
        weights = new FloatPointer(weight.data_ptr());
    }

    /**
     * Multiplies the first rows.
     *
     * @param x of as many columns as W
     * @param y of {@code count} columns, overwritten
     */
    void multiply(FewRows x, FewRows y, int rows) {
        if (count == 0) {
            return;
        }
        if (narrow) {
            torch.mm_out(y.tensor(rows), x.tensor(rows), weight);
            return;
        }
        int block = rows == 1 ? count : Math.max(UNIT, BLOCK_BYTES / 4 / columns / UNIT * UNIT);
        for (int from = 0; from < count; from += block) {
            int some = Math.min(block, count - from);
            for (int row = 0; row < rows; row++) {
                cblas_sgemv(
                        CblasRowMajor,
                        CblasNoTrans,
                        some,
                        columns,
                        1,
                        weights.getPointer((long) from * columns),
                        columns,
                        x.at(row, 0),
                        1,
                        0,
                        y.at(row, from),
                        1);
            }
        }
    }
}
