package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows put into another order: each moves whole, and back. */
class GgufRowsTest {
    private static final int ROWS = 12;
    private static final int COLUMNS = 512;

    private final Path folder;

    GgufRowsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @EnumSource(GgmlType.class)
    void everyRowIsDecodedToTheSameValuesInItsNewPlace(GgmlType type) throws IOException {
        Path source = write(type);
        int[] order = shuffled(13);
        try (GgufFile before = GgufFile.open(source);
                GgufFile after = GgufFile.open(reordered(before, order, "after.gguf"))) {
            float[] old = values(before);
            float[] moved = values(after);
            for (int row = 0; row < ROWS; row++) {
                assertThat(Arrays.copyOfRange(moved, row * COLUMNS, (row + 1) * COLUMNS))
                        .as("%s row %d", type, row)
                        .isEqualTo(Arrays.copyOfRange(old, order[row] * COLUMNS, (order[row] + 1) * COLUMNS));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(GgmlType.class)
    void theInverseOrderGivesTheFileBackByteForByte(GgmlType type) throws IOException {
        Path source = write(type);
        int[] order = shuffled(14);
        int[] inverse = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            inverse[order[row]] = row;
        }
        try (GgufFile before = GgufFile.open(source);
                GgufFile after = GgufFile.open(reordered(before, order, "after.gguf"))) {
            Path again = reordered(after, inverse, "again.gguf");
            assertThat(again).hasSameBinaryContentAs(source);
            assertThat(after.sha256()).isNotEqualTo(before.sha256());
        }
    }

    @Test
    void anOrderOfAnotherLengthAndAQuantisedVectorAreRefused() throws IOException {
        try (GgufFile file = GgufFile.open(write(GgmlType.Q8_0))) {
            GgufTensor tensor = file.tensor("t").orElseThrow();
            assertThatThrownBy(() -> new GgufWriter().copyRows(file, tensor, new int[ROWS - 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("sourceRows must be one per row of t (12), were 11");
        }
        Path path = folder.resolve("vector.gguf");
        new GgufWriter()
                .addTensor("v", List.of(32L), GgmlType.Q8_0, out -> out.write(new byte[34]))
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            GgufTensor vector = file.tensor("v").orElseThrow();
            assertThatThrownBy(() -> new GgufWriter().copyRows(file, vector, new int[32]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("v must be F32, F16 or BF16, being a vector, was Q8_0");
        }
    }

    @Test
    void whoWritesIsToldOfEveryByteAtTheEnd() throws IOException {
        GgufWriter writer = new GgufWriter();
        for (int i = 0; i < 3; i++) {
            writer.addTensor("t" + i, List.of(1L << 22), GgmlType.F32, out -> {
                for (int part = 0; part < 16; part++) {
                    out.write(new byte[1 << 20]);
                }
            });
        }
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        writer.write(folder.resolve("large.gguf"), told::add);
        assertThat(told).isSorted().endsWith(3L << 24).contains(1L << 24, 2L << 24);
        assertThat(writer.tensorBytes()).isEqualTo(3L << 24);
    }

    private Path write(GgmlType type) throws IOException {
        byte[] bytes = new byte[ROWS * COLUMNS / type.blockElements() * type.blockBytes()];
        new Random(type.number()).nextBytes(bytes);
        Path path = folder.resolve("source.gguf");
        new GgufWriter()
                .putString("general.architecture", "rows")
                .addTensor("t", List.of((long) COLUMNS, (long) ROWS), type, out -> out.write(bytes))
                .write(path);
        return path;
    }

    private Path reordered(GgufFile source, int[] order, String name) throws IOException {
        Path path = folder.resolve(name);
        new GgufWriter()
                .copyKey(source, "general.architecture")
                .copyRows(source, source.tensor("t").orElseThrow(), order)
                .write(path);
        return path;
    }

    private static float[] values(GgufFile file) {
        float[] values = new float[ROWS * COLUMNS];
        file.read(file.tensor("t").orElseThrow(), 0, values.length, values, 0);
        return values;
    }

    private static int[] shuffled(long seed) {
        List<Integer> rows = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
        Collections.shuffle(rows, new Random(seed));
        return rows.stream().mapToInt(row -> row).toArray();
    }
}
