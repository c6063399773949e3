package resonance.transformer.training;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/**
 * Heads that lie side by side in the columns of a row-major float32 matrix, as a projection leaves them.
 *
 * <p>Row b·T + t, columns (firstHead + h)·S … of {@code matrix} are head h of token t of sequence b. Nothing is copied.
 */
final class HeadColumns {
    final Tensor matrix; // (B T, width)
    final int firstHead;
    final int heads;
    final int headSize; // S
    final int width;
    private final FloatPointer address; // to be followed on the CPU only

    /** {@code matrix} may be without elements where it is never used. */
    HeadColumns(Tensor matrix, int width, int firstHead, int heads, int headSize) {
        this.matrix = matrix;
        this.firstHead = firstHead;
        this.heads = heads;
        this.headSize = headSize;
        this.width = width;
        address = new FloatPointer(matrix.data_ptr());
    }

    /** Where a head of a row begins; valid until the next call. */
    FloatPointer at(int row, int head) {
        return address.position((long) row * width + (long) (firstHead + head) * headSize);
    }

    /** The same memory seen as (B, heads, T, S). */
    Tensor view(int sequences, int length) {
        return matrix.narrow(1, (long) firstHead * headSize, (long) heads * headSize)
                .view(sequences, length, heads, headSize)
                .transpose(1, 2);
    }
}
