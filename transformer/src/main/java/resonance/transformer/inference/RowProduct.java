package resonance.transformer.inference;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.LibTorch;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * A few rows times some rows of a weight matrix: y = x W[from … from + count)^T.
 *
 * <p>A row's result is the same to the bit however many rows there are, and whatever the others hold, so texts that are continued
 * together go on as each would alone.
 */
final class RowProduct {
    /** Bytes of a block of W, about: half a core's cache. */
    private static final int BLOCK_BYTES = 512 * 1024;

    /** Rows of W that a kernel takes together: where a block ends must not decide how a sum is rounded. */
    static final int UNIT = 32;

    private static final float MOST_FLOAT16 = 65_504;

    /** Columns that FBGEMM keeps together. */
    private static final int COLUMNS = 512;

    /** How a product is made. */
    enum Kernel {
        /**
         * W in float32: each row a product of a matrix and a vector, in blocks of W that stay in a core's cache for the next row, so W
         * is read from memory once.
         */
        FLOAT32,

        /**
         * W copied to float16 in FBGEMM's own order, x and sums in float32. Weights in bfloat16 from 2^-17 to 65,504 stay what they are;
         * smaller ones are rounded to multiples of 2^-24. One row takes half the time of {@link #BFLOAT16}, eight two thirds.
         */
        FLOAT16,

        /** W and x in bfloat16: one product of two matrices that always has as many rows as there can be. */
        BFLOAT16;

        /** The fastest for weights of a precision that this CPU and this build of LibTorch have. */
        static Kernel fastest(Precision precision) {
            if (precision == Precision.FLOAT32) {
                return FLOAT32;
            }
            return HasFloat16.YES ? FLOAT16 : BFLOAT16;
        }

        /** The {@link #fastest} as far as can be told before LibTorch is loaded: every x86 that it runs on in earnest has AVX2. */
        static Kernel expected(Precision precision) {
            boolean x86 = Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
            return precision == Precision.FLOAT32 ? FLOAT32 : x86 ? FLOAT16 : BFLOAT16;
        }

        /** The fastest one that has room for a decoder's weights: float16 ends at 65,504, and FBGEMM would cut off what is larger. */
        static Kernel of(Precision precision, DecoderTensors weights) {
            Kernel fastest = fastest(precision);
            return fastest != FLOAT16 || weights.blocks.stream().allMatch(Kernel::fitFloat16) ? fastest : BFLOAT16;
        }

        private static boolean fitFloat16(DecoderTensors.Block block) {
            return Stream.of(
                            block.queryKeyValue(),
                            block.attentionOutput(),
                            block.feedForwardInput(),
                            block.feedForwardOutput())
                    .allMatch(matrix -> fitsFloat16(matrix.weight()));
        }

        /** What x and y are made of. */
        ScalarType rows() {
            return this == BFLOAT16 ? ScalarType.BFloat16 : ScalarType.Float;
        }

        /**
         * What products are cut into, by columns of y, for some workers. It is the same for any number of them where how many columns there
         * are can change how a sum is rounded.
         */
        int shares(int workers) {
            return this == BFLOAT16 ? 8 : Math.min(8, workers);
        }

        /** Bytes that it takes for a matrix beside the matrix itself: FBGEMM keeps columns in whole blocks. */
        long extraBytes(long rows, long columns) {
            return this == FLOAT16 ? Short.BYTES * rows * ((columns + COLUMNS - 1) / COLUMNS * COLUMNS) : 0;
        }
    }

    /** Whether all of a matrix's elements are at most 65,504 in size. */
    static boolean fitsFloat16(Tensor matrix) {
        try (PointerScope scope = new PointerScope()) {
            return torch.max(matrix).item_float() <= MOST_FLOAT16
                    && torch.min(matrix).item_float() >= -MOST_FLOAT16;
        }
    }

    /** FBGEMM is only in LibTorch's builds for x86, and takes AVX2; there is nothing to ask but to try. */
    private static final class HasFloat16 {
        static final boolean YES = tried();

        private static boolean tried() {
            LibTorch.load();
            try (PointerScope scope = new PointerScope()) {
                torch.fbgemm_pack_gemm_matrix_fp16(torch.zeros(UNIT, UNIT));
                return true;
            } catch (RuntimeException refused) {
                return false;
            }
        }
    }

    final int count;

    private final int columns;
    private final Kernel kernel;
    private final Tensor
            weight; // in bfloat16 (columns, count), else (count, columns); in float16 known to FBGEMM alone
    private final FloatPointer weights; // its elements in float32
    private final TensorOptional bias; // none

    /**
     * @param matrix W (O, I), of the precision that the kernel serves, contiguous
     * @param scratch float32, of at least {@link #scratchSize} elements: overwritten, and free again afterwards. Memory that is taken and
     *     given back between copies that stay would be lost in part.
     * @param arena owns a view or copy of it
     */
    RowProduct(Tensor matrix, int from, int count, Kernel kernel, Tensor scratch, TensorArena arena) {
        this.count = count;
        this.kernel = kernel;
        bias = arena.none();
        columns = Math.toIntExact(matrix.size(1));
        try (PointerScope scope = new PointerScope()) {
            Tensor some = matrix.narrow(0, from, count);
            weight = arena.keep(
                    switch (kernel) {
                        case FLOAT32 -> some;
                        case FLOAT16 -> count == 0 ? some : packed(some, scratch);
                        case BFLOAT16 -> some.t();
                    });
        }
        weights = new FloatPointer(weight.data_ptr());
    }

    private static Tensor packed(Tensor some, Tensor scratch) {
        Tensor wide = scratch.narrow(0, 0, some.numel()).view(some.size(0), some.size(1));
        return torch.fbgemm_pack_gemm_matrix_fp16(wide.copy_(some));
    }

    /** Elements of scratch memory that it takes to make the product of so many of a matrix's rows. */
    static long scratchSize(Tensor matrix, int count, Kernel kernel) {
        return kernel == Kernel.FLOAT16 ? count * matrix.size(1) : 0;
    }

    /**
     * Multiplies the first rows.
     *
     * @param x of as many columns as W; rows after the first may hold anything
     * @param y of {@code count} columns, overwritten
     */
    void multiply(FewRows x, FewRows y, int rows) {
        if (count == 0) {
            return;
        }
        switch (kernel) {
            case FLOAT32 -> multiplyInBlocks(x, y, rows);
            case FLOAT16 ->
                torch.fbgemm_linear_fp16_weight_fp32_activation(x.tensor(rows), weight, bias, y.tensor(rows));
            case BFLOAT16 -> torch.mm_out(y.tensor(TokenStep.MOST_TEXTS), x.tensor(TokenStep.MOST_TEXTS), weight);
        }
    }

    private void multiplyInBlocks(FewRows x, FewRows y, int rows) {
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
