package resonance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufTensor;
import resonance.model.gguf.GgufWriter;

class DecodedGgufTest {
    /** More than are decoded at once. */
    private static final int LONG_ROW = 300 * 1024;

    @Test
    void everyTensorHoldsTheSameValuesAsFloatsAndKeysStay(@TempDir Path folder) throws IOException {
        Path from = folder.resolve("from.gguf");
        Path to = folder.resolve("to.gguf");
        GgufWriter writer =
                new GgufWriter().putString("general.architecture", "llama").putUint32("llama.block_count", 1);
        for (GgmlType type : GgmlType.values()) {
            byte[] bytes = new byte[2 * LONG_ROW / type.blockElements() * type.blockBytes()];
            new Random(type.blockBytes()).nextBytes(bytes);
            writer.addTensor(type.name(), List.of((long) LONG_ROW, 2L), type, out -> out.write(bytes));
        }
        writer.write(from);
        DecodedGguf.main(new String[] {from.toString(), to.toString()});
        try (GgufFile source = GgufFile.open(from);
                GgufFile decoded = GgufFile.open(to)) {
            assertThat(decoded.metadata().keys())
                    .containsExactlyElementsOf(source.metadata().keys());
            assertThat(decoded.metadata().requireInt("llama.block_count")).isEqualTo(1);
            assertThat(decoded.tensors().keySet())
                    .containsExactlyElementsOf(source.tensors().keySet());
            for (GgufTensor tensor : source.tensors().values()) {
                GgufTensor floats = decoded.tensor(tensor.name()).orElseThrow();
                assertThat(floats.type()).isEqualTo(GgmlType.F32);
                assertThat(floats.sizes()).isEqualTo(tensor.sizes());
                assertThat(values(decoded, floats)).as(tensor.name()).isEqualTo(values(source, tensor));
            }
        }
    }

    @Test
    void otherArgumentsThanTwoFilesAreRefused() {
        assertThatThrownBy(() -> DecodedGguf.main(new String[] {"from.gguf"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("arguments must be FROM and TO, were 1");
    }

    private static float[] values(GgufFile file, GgufTensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        file.read(tensor, 0, values.length, values, 0);
        return values;
    }
}
