package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

/** The fast products against the plain ones, from one token to lengths that are no multiple of a block. */
class CausalProductsTest {
    private static final String SHAPES = """
            sequences, length, heads, shared, headSize
            1, 1, 1, 1, 2
            2, 31, 2, 2, 8
            3, 64, 4, 4, 16
            2, 65, 4, 2, 6
            1, 150, 6, 1, 32
            """;

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final Random random = new Random(20);

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES, useHeadersInDisplayName = true)
    void outerProductsAreThePlainOnesOnAndBelowTheDiagonal(
            int sequences, int length, int heads, int shared, int headSize) {
        try (PointerScope scope = new PointerScope()) {
            HeadColumns x = columns(sequences * length, heads, 1, headSize);
            HeadColumns y = columns(sequences * length, shared, heads, headSize);
            Tensor before = random(sequences, heads, length, length);
            for (boolean add : new boolean[] {true, false}) {
                Tensor fast = before.clone();
                Tensor plain = before.clone();
                outer(new BlasCausalProducts(sequences, length, heads), fast, x, y, add);
                outer(new TorchCausalProducts(sequences, length, heads), plain, x, y, add);
                assertEqual(fast.tril(), plain.tril());
            }
        }
    }

    private static void outer(CausalProducts products, Tensor matrices, HeadColumns x, HeadColumns y, boolean add) {
        if (add) {
            products.addOuter(matrices, x, y);
        } else {
            products.outer(matrices, x, y);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES, useHeadersInDisplayName = true)
    void productsWithLowerTriangularMatricesAreThePlainOnes(
            int sequences, int length, int heads, int shared, int headSize) {
        try (PointerScope scope = new PointerScope()) {
            Tensor lower = random(sequences, heads, length, length).tril();
            HeadColumns sharedHeads = columns(sequences * length, shared, 1, headSize);
            HeadColumns everyHead = columns(sequences * length, heads, 2, headSize);
            CausalProducts fast = new BlasCausalProducts(sequences, length, heads);
            CausalProducts plain = new TorchCausalProducts(sequences, length, heads);

            HeadColumns fastResult = columns(sequences * length, heads, 3, headSize);
            HeadColumns plainResult = copy(fastResult);
            fast.times(fastResult, lower, sharedHeads);
            plain.times(plainResult, lower, sharedHeads);
            assertEqual(fastResult.matrix, plainResult.matrix);

            fastResult = columns(sequences * length, shared, 1, headSize);
            plainResult = copy(fastResult);
            fast.transposedTimes(fastResult, lower, everyHead);
            plain.transposedTimes(plainResult, lower, everyHead);
            assertEqual(fastResult.matrix, plainResult.matrix);
        }
    }

    /** Heads behind {@code firstHead} others and before one more, all of them random numbers. */
    private HeadColumns columns(int rows, int heads, int firstHead, int headSize) {
        int width = (firstHead + heads + 1) * headSize;
        return new HeadColumns(random(rows, width), width, firstHead, heads, headSize);
    }

    private HeadColumns copy(HeadColumns columns) {
        Tensor copied = arena.keep(columns.matrix.clone());
        return new HeadColumns(copied, columns.width, columns.firstHead, columns.heads, columns.headSize);
    }

    private Tensor random(long... shape) {
        Tensor tensor = arena.floats(shape);
        float[] values = new float[Math.toIntExact(tensor.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        HostCopy.into(tensor, values);
        return tensor;
    }

    /** Sums of up to 150 products of numbers about 1, so float32 leaves about 1e-5. */
    private static void assertEqual(Tensor fast, Tensor plain) {
        double difference =
                torch.max(torch.abs(fast.sub(plain, new Scalar(1.0)))).item_double();
        assertThat(difference).isCloseTo(0, within(5e-5));
    }
}
