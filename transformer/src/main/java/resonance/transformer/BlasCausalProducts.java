package resonance.transformer;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/**
 * {@link CausalProducts} on the CPU by OpenBLAS's matrix product itself, head by head and in blocks of {@value #BLOCK} rows.
 *
 * <p>LibTorch built with OpenBLAS takes a batch of products apart into one operator call each, which at these sizes costs
 * more than the product. And nothing above the blocks on the diagonal is computed: at T = 64 that is a quarter of the
 * work, at long T half.
 */
final class BlasCausalProducts implements CausalProducts {
    private static final int BLOCK = 32;
    /** Of the products with a transposed second factor, whose kernels are slow for fewer columns. */
    private static final int OUTER_BLOCK = 64;

    private final int sequences;
    private final int length;
    private final int heads;

    BlasCausalProducts(int sequences, int length, int heads) {
        this.sequences = sequences;
        this.length = length;
        this.heads = heads;
    }

    @Override
    public void addOuter(Tensor matrices, HeadColumns x, HeadColumns y) {
        outer(matrices, x, y, 1);
    }

    @Override
    public void outer(Tensor matrices, HeadColumns x, HeadColumns y) {
        outer(matrices, x, y, 0);
    }

    private void outer(Tensor matrices, HeadColumns x, HeadColumns y, float kept) {
        FloatPointer target = new FloatPointer(matrices.data_ptr());
        int group = heads / y.heads;
        for (int b = 0; b < sequences; b++) {
            for (int h = 0; h < heads; h++) {
                y.address.position(y.offset((long) b * length, h / group));
                for (int from = 0; from < length; from += OUTER_BLOCK) {
                    int to = Math.min(length, from + OUTER_BLOCK);
                    x.address.position(x.offset((long) b * length + from, h));
                    target.position(matrix(b, h) + (long) from * length);
                    cblas_sgemm(
                            CblasRowMajor,
                            CblasNoTrans,
                            CblasTrans,
                            to - from,
                            to,
                            x.headSize,
                            1,
                            x.address,
                            x.width,
                            y.address,
                            y.width,
                            kept,
                            target,
                            length);
                }
            }
        }
    }

    @Override
    public void times(HeadColumns result, Tensor matrices, HeadColumns y) {
        FloatPointer factor = new FloatPointer(matrices.data_ptr());
        int group = heads / y.heads;
        for (int b = 0; b < sequences; b++) {
            for (int h = 0; h < heads; h++) {
                y.address.position(y.offset((long) b * length, h / group));
                for (int from = 0; from < length; from += BLOCK) {
                    int to = Math.min(length, from + BLOCK);
                    factor.position(matrix(b, h) + (long) from * length);
                    result.address.position(result.offset((long) b * length + from, h));
                    cblas_sgemm(
                            CblasRowMajor,
                            CblasNoTrans,
                            CblasNoTrans,
                            to - from,
                            result.headSize,
                            to,
                            1,
                            factor,
                            length,
                            y.address,
                            y.width,
                            0,
                            result.address,
                            result.width);
                }
            }
        }
    }

    @Override
    public void transposedTimes(HeadColumns result, Tensor matrices, HeadColumns y) {
        FloatPointer factor = new FloatPointer(matrices.data_ptr());
        int group = heads / result.heads;
        for (int b = 0; b < sequences; b++) {
            for (int h = 0; h < heads; h++) {
                float kept = h % group == 0 ? 0 : 1;
                for (int from = 0; from < length; from += BLOCK) {
                    int to = Math.min(length, from + BLOCK);
                    factor.position(matrix(b, h) + (long) from * length + from);
                    y.address.position(y.offset((long) b * length + from, h));
                    result.address.position(result.offset((long) b * length + from, h / group));
                    cblas_sgemm(
                            CblasRowMajor,
                            CblasTrans,
                            CblasNoTrans,
                            to - from,
                            result.headSize,
                            length - from,
                            1,
                            factor,
                            length,
                            y.address,
                            y.width,
                            kept,
                            result.address,
                            result.width);
                }
            }
        }
    }

    /** Elements before the matrix of a head of a sequence. */
    private long matrix(int sequence, int head) {
        return ((long) sequence * heads + head) * length * length;
    }
}
