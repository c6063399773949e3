package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @Test
    void aFileThatCannotBeFinishedLeavesTheOlderOne(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("m.safetensors");
        Files.writeString(file, "older");
        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of(), List.of(entry("a", 2, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a must have 2 values for shape [2], had 1");
        assertThat(file).hasContent("older");
    }

    @Test
    void namesThatCannotBeToldApartAreRefused(@TempDir Path folder) {
        Path file = folder.resolve("m.safetensors");
        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of(), List.of(entry("a", 1, 1), entry("a", 1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entries must have names of their own, 'a' was given twice");
        assertThatThrownBy(() -> entry("__metadata__", 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must not be __metadata__, the key of the file's metadata; was given for a tensor of"
                        + " shape [1]");
    }

    @Test
    void negativeSizesAreRefused() {
        assertThatThrownBy(() -> entry("a", -1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a: shape must not be negative, was [-1]");
    }

    private static SafetensorsWriter.Entry entry(String name, int size, int values) {
        return new SafetensorsWriter.Entry(name, List.of(size), SafetensorsType.F32, () -> new float[values]);
    }
}
