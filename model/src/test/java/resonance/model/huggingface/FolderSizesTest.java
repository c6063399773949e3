package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.ModelFormatException;
import resonance.model.ModelSizes;

class FolderSizesTest {
    private static final long ELEMENTS = 2 * 60 + 3 * 6 + 2 * 48 + 2 * 24 + 3 * 48;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void weightsAreReadOffTheFiles() {
        Path path = TinyFolder.llama(folder).write().path();
        ModelSizes expected;
        try (HuggingFaceModel model = HuggingFaceModel.open(path)) {
            expected = model.sizes();
        }
        assertThat(expected.weights()).containsExactly(new ModelSizes.Stored("F32", 12, ELEMENTS, 4 * ELEMENTS));
        assertThat(expected.inFiles()).isTrue();
        try (HuggingFacePositions positions = HuggingFacePositions.open(path)) {
            assertThat(positions.sizes()).isEqualTo(expected);
        }
    }

    @Test
    void withoutFilesTheyAreAsManyAsTheConfigurationAsksForOfTheTypeThatItNames() {
        Path path = TinyFolder.llama(folder)
                .config("dtype", "bfloat16")
                .writeConfig()
                .path();
        ModelSizes sizes =
                HuggingFacePositions.open(path.resolve("config.json")).sizes();
        assertThat(sizes.weights()).isEqualTo(List.of(new ModelSizes.Stored("BF16", 12, ELEMENTS, 2 * ELEMENTS)));
        assertThat(sizes.inFiles()).isFalse();
        assertThat(sizes.decoder().attention().keyWidth()).isEqualTo(4);
    }

    @Test
    void typesThatAreNotKnownAreRefused() {
        TinyFolder.llama(folder).config("torch_dtype", "float8_e4m3fn").writeConfig();
        HuggingFacePositions positions = HuggingFacePositions.open(folder);
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(positions::sizes)
                .withMessage("config.json: torch_dtype must be bfloat16, float16 or float32, was 'float8_e4m3fn'");
    }
}
