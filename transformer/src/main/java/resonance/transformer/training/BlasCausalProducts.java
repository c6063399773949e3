package resonance.transformer.training;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/**
 * {@link CausalProducts} on the CPU by OpenBLAS's matrix product itself, head by head and in blocks of {@value #BLOCK} or
 * {@value #OUTER_BLOCK} rows.
 *
 * <p>LibTorch built with OpenBLAS takes a batch of products apart into one operator call each, which at these sizes costs
 * more than the product. And nothing above the blocks on the diagonal is computed: up to half of the work at long T.
 */
record BlasCausalProducts(int sequences, int length, int heads) implements CausalProducts {
    private static final int BLOCK = 32;
    /** Of the products with a transposed second factor, whose kernels are slow for fewer columns. */
    private static final int OUTER_BLOCK = 64;

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
        forEachBlock(
                OUTER_BLOCK,
                (b, h, from, to) -> cblas_sgemm(
                        CblasRowMajor,
                        CblasNoTrans,
                        CblasTrans,
                        to - from,
                        to,
                        x.headSize,
                        1,
                        x.at(b * length + from, h),
                        x.width,
                        y.at(b * length, h / (heads / y.heads)),
                        y.width,
                        kept,
                        target.position(row(b, h, from)),
                        length));
    }

    @Override
    public void times(HeadColumns result, Tensor matrices, HeadColumns y) {
        FloatPointer left = new FloatPointer(matrices.data_ptr());
        forEachBlock(
                BLOCK,
                (b, h, from, to) -> cblas_sgemm(
                        CblasRowMajor,
                        CblasNoTrans,
                        CblasNoTrans,
                        to - from,
                        result.headSize,
                        to,
                        1,
                        left.position(row(b, h, from)),
                        length,
                        y.at(b * length, h / (heads / y.heads)),
                        y.width,
                        0,
                        result.at(b * length + from, h),
                        result.width));
    }

    @Override
    public void transposedTimes(HeadColumns result, Tensor matrices, HeadColumns y) {
        FloatPointer left = new FloatPointer(matrices.data_ptr());
        int group = heads / result.heads;
        forEachBlock(
                BLOCK,
                (b, h, from, to) -> cblas_sgemm(
                        CblasRowMajor,
                        CblasTrans,
                        CblasNoTrans,
                        to - from,
                        result.headSize,
                        length - from,
                        1,
                        left.position(row(b, h, from) + from),
                        length,
                        y.at(b * length + from, h),
                        y.width,
                        h % group == 0 ? 0 : 1, // the first head of a group overwrites, the others add
                        result.at(b * length + from, h / group),
                        result.width));
    }

    private interface Block {
        /** The product of rows {@code from} to {@code to} of a head's matrix. */
        void multiply(int sequence, int head, int from, int to);
    }

    private void forEachBlock(int rows, Block block) {
        for (int b = 0; b < sequences; b++) {
            for (int h = 0; h < heads; h++) {
                for (int from = 0; from < length; from += rows) {
                    block.multiply(b, h, from, Math.min(length, from + rows));
                }
            }
        }
    }

    /** Elements before a row of the matrix of a head of a sequence. */
    private long row(int sequence, int head, int row) {
        return (((long) sequence * heads + head) * length + row) * length;
    }
}
