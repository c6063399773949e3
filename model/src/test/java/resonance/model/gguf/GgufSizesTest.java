package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.ModelSizes;

class GgufSizesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void tensorsOfOneTypeAreCountedTogether() {
        try (GgufModel model = TinyGguf.open(TinyGguf.writer("llama"), folder)) {
            long bytes = model.file().tensors().values().stream()
                    .mapToLong(GgufTensor::bytes)
                    .sum();
            ModelSizes sizes = model.sizes();
            assertThat(sizes.bytes()).isEqualTo(bytes);
            assertThat(sizes.weights()).containsExactly(new ModelSizes.Stored("F32", 2 + 2 * 9, bytes / 4, bytes));
            assertThat(sizes.decoder()).isEqualTo(model.description().decoder());
        }
    }
}
