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
        int group = heads / y.heads;
        for (int b = 0; b < sequences; b++) {
            for (int h = 0; h < heads; h++) {
                FloatPointer right = y.at(b * length, h / group);
                for (int from = 0; from < length; from += OUTER_BLOCK) {
                    int to = Math.min(length, from + OUTER_BLOCK);
                    FloatPointer left = x.at(b * length + from, h);
                    target.position(matrix(b, h) + (long) from * length);
                    int rows = to - from;
                    product(
                            CblasNoTrans,
                            CblasTrans,
                            rows,
                            to,
                            x.headSize,
                            left,
                            x.width,
                            right,
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
        FloatPointer left = new FloatPointer(matrices.data_ptr());
        int s = result.headSize;
        int group = heads / y.heads;
        for (int b = 0; b < sequences; b++) {
            for (int h = 0; h < heads; h++) {
                FloatPointer right = y.at(b * length, h / group);
                for (int from = 0; from < length; from += BLOCK) {
                    int to = Math.min(length, from + BLOCK);
                    left.position(matrix(b, h) + (long) from * length);
                    FloatPointer target = result.at(b * length + from, h);
                    product(
                            CblasNoTrans,
                            CblasNoTrans,
                            to - from,
                            s,
                            to,
                            left,
                            length,
                            right,
                            y.width,
                            0,
                            target,
                            result.width);
                }
            }
        }
    }

    @Override
    public void transposedTimes(HeadColumns result, Tensor matrices, HeadColumns y) {
        FloatPointer left = new FloatPointer(matrices.data_ptr());
        int s = result.headSize;
        int group = heads / result.heads;
        for (int b = 0; b < sequences; b++) {
            for (int h = 0; h < heads; h++) {
                float kept = h % group == 0 ? 0 : 1;
                for (int from = 0; from < length; from += BLOCK) {
                    int to = Math.min(length, from + BLOCK);
                    left.position(matrix(b, h) + (long) from * length + from);
                    FloatPointer right = y.at(b * length + from, h);
                    FloatPointer target = result.at(b * length + from, h / group);
                    int inner = length - from;
                    product(
                            CblasTrans,
                            CblasNoTrans,
                            to - from,
                            s,
                            inner,
                            left,
                            length,
                            right,
                            y.width,
                            kept,
                            target,
                            result.width);
                }
            }
        }
    }

    /** target (m, n) = left (m, k) right (k, n) + kept · target, row-major, each with the distance of its rows. */
    private static void product(
            int transposeLeft,
            int transposeRight,
            int m,
            int n,
            int k,
            FloatPointer left,
            int leftWidth,
            FloatPointer right,
            int rightWidth,
            float kept,
            FloatPointer target,
            int targetWidth) {
        cblas_sgemm(
                CblasRowMajor,
                transposeLeft,
                transposeRight,
                m,
                n,
                k,
                1,
                left,
                leftWidth,
                right,
                rightWidth,
                kept,
                target,
                targetWidth);
    }

    /** Elements before the matrix of a head of a sequence. */
    private long matrix(int sequence, int head) {
        return ((long) sequence * heads + head) * length * length;
    }
}
