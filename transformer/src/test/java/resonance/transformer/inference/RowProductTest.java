package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

class RowProductTest {
    /** More columns than a kernel takes at once, and not a multiple of what it takes. */
    private static final int COLUMNS = 700;

    private static final int COUNT = 1000;
    private static final int ROWS = TokenStep.MOST_TEXTS;

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final float[] weights = bfloat16(numbers(1, COUNT * COLUMNS));
    private final float[] x = numbers(2, ROWS * COLUMNS);

    /** Those that this CPU has. */
    static Set<RowProduct.Kernel> kernels() {
        return EnumSet.of(
                RowProduct.Kernel.FLOAT32, RowProduct.Kernel.BFLOAT16, RowProduct.Kernel.fastest(Precision.BFLOAT16));
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aRowIsTheSameToTheBitWhateverRowsAreWithIt(RowProduct.Kernel kernel) {
        float[] together = multiply(kernel, 0, COUNT, x, ROWS);
        for (int row = 0; row < ROWS; row++) {
            float[] alone = Arrays.copyOfRange(x, row * COLUMNS, (row + 1) * COLUMNS);
            float[] expected = Arrays.copyOfRange(together, row * COUNT, (row + 1) * COUNT);
            assertThat(multiply(kernel, 0, COUNT, alone, 1)).isEqualTo(expected);
            float[] first = Arrays.copyOf(x, (row + 1) * COLUMNS);
            assertThat(multiply(kernel, 0, COUNT, first, row + 1))
                    .isEqualTo(Arrays.copyOf(together, (row + 1) * COUNT));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void whereAMatrixIsCutChangesNothingIfItIsCutByTheNumberOfWorkers(RowProduct.Kernel kernel) {
        if (kernel.shares(1) == kernel.shares(8)) {
            return; // it is always cut in the same way
        }
        float[] whole = multiply(kernel, 0, COUNT, x, 1);
        int at = 11 * RowProduct.UNIT;
        assertThat(multiply(kernel, 0, at, x, 1)).isEqualTo(Arrays.copyOf(whole, at));
        assertThat(multiply(kernel, at, COUNT - at, x, 1)).isEqualTo(Arrays.copyOfRange(whole, at, COUNT));
    }

    @Test
    void aMatrixWithAWeightThatFloat16HasNoRoomForIsFound() {
        try (PointerScope scope = new PointerScope()) {
            for (Tensor matrix : List.of(torch.zeros(3, 5), torch.zeros(3, 5).to(torch.ScalarType.BFloat16))) {
                assertThat(RowProduct.fitsFloat16(matrix)).isTrue();
                matrix.get(1).get(2).fill_(new Scalar(65_280f)); // the largest of bfloat16 below
                assertThat(RowProduct.fitsFloat16(matrix)).isTrue();
                for (float beyond : new float[] {65_536, -65_536, Float.NaN}) {
                    matrix.get(1).get(2).fill_(new Scalar(beyond));
                    assertThat(RowProduct.fitsFloat16(matrix)).as("%s", beyond).isFalse();
                }
            }
        }
    }

    /** Of 700 products of about 1 each: in bfloat16 x is rounded too, and the result, some 35 in size. */
    @ParameterizedTest
    @MethodSource("kernels")
    void productsAreThoseOfTheDefinition(RowProduct.Kernel kernel) {
        float[] product = multiply(kernel, 0, COUNT, x, ROWS);
        double most = kernel == RowProduct.Kernel.BFLOAT16 ? 0.6 : 1e-4;
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < COUNT; i++) {
                double expected = 0;
                for (int j = 0; j < COLUMNS; j++) {
                    expected += (double) x[row * COLUMNS + j] * weights[i * COLUMNS + j];
                }
                assertThat((double) product[row * COUNT + i]).isCloseTo(expected, within(most));
            }
        }
    }

    private float[] multiply(RowProduct.Kernel kernel, int from, int count, float[] x, int rows) {
        FewRows in = new FewRows(kernel.rows(), ROWS, COLUMNS, arena);
        FewRows out = new FewRows(kernel.rows(), ROWS, count, arena);
        in.put(x, rows);
        Precision precision = kernel == RowProduct.Kernel.FLOAT32 ? Precision.FLOAT32 : Precision.BFLOAT16;
        try (PointerScope scope = new PointerScope()) {
            Tensor matrix = torch.from_blob(new FloatPointer(weights), new long[] {COUNT, COLUMNS})
                    .to(precision.scalarType());
            Tensor scratch = arena.floats(RowProduct.scratchSize(matrix, count, kernel));
            new RowProduct(matrix, from, count, kernel, scratch, arena).multiply(in, out, rows);
        }
        float[] y = new float[rows * count];
        out.get(y, count, 0, rows, new FewRows.Buffer(rows * count));
        return y;
    }

    private static float[] numbers(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-2, 2);
        }
        return numbers;
    }

    /** The nearest numbers that bfloat16 has. */
    private static float[] bfloat16(float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.intBitsToFloat(FewRows.round(numbers[i]) << 16);
        }
        return numbers;
    }
}
