package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
    @Test
    void whatIsWrittenIsRead(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("written.gguf");
        byte[] blocks = new byte[2 * 20];
        blocks[39] = 0x7f;
        new GgufWriter()
                .putString("string", "ü")
                .putTruth("truth", true)
                .putUint32("uint", -1)
                .putFloat32("float", 0.1f)
                .putStrings("strings", List.of("", "x y"))
                .putInt32s("ints", -1, 2)
                .putFloat32s("floats", 1, Float.NaN)
                .alignment(128)
                .addFloats("vector", List.of(3L), new float[] {1, 2, 3})
                .addTensor("blocks", List.of(32L, 2L), GgmlType.Q4_1, out -> out.write(blocks))
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            GgufMetadata metadata = file.metadata();
            assertThat(metadata.keys())
                    .containsExactly(
                            "string", "truth", "uint", "float", "strings", "ints", "floats", "general.alignment");
            assertThat(metadata.requireString("string")).isEqualTo("ü");
            assertThat(metadata.optionalTruth("truth")).hasValue(true);
            assertThat(metadata.optionalLong("uint")).hasValue(0xffff_ffffL);
            assertThat(metadata.requireNumber("float")).isEqualTo(0.1f);
            assertThat(metadata.strings("strings").orElseThrow()).containsExactly("", "x y");
            assertThat(metadata.ints("ints").orElseThrow()).containsExactly(-1, 2);
            assertThat(metadata.floats("floats").orElseThrow()).containsExactly(1, Float.NaN);
            assertThat(file.alignment()).isEqualTo(128);
            assertThat(file.tensors().values()).allMatch(tensor -> tensor.position() % 128 == 0);
            float[] vector = new float[3];
            file.read(file.tensor("vector").orElseThrow(), 0, 3, vector, 0);
            assertThat(vector).containsExactly(1, 2, 3);
            byte[] stored = new byte[blocks.length];
            file.readStored(file.tensor("blocks").orElseThrow(), 0, stored, stored.length);
            assertThat(stored).isEqualTo(blocks);
        }
    }

    @Test
    void aCopyOfEveryKeyAndTensorIsTheSameFile(@TempDir Path folder) throws IOException {
        for (String architecture : List.of("llama", "qwen2", "gemma3")) {
            Path original = folder.resolve(architecture + ".gguf");
            TinyGguf.writer(architecture).alignment(64).write(original);
            Path copy = folder.resolve(architecture + "-copy.gguf");
            try (GgufFile file = GgufFile.open(original)) {
                GgufWriter writer = new GgufWriter();
                file.metadata().keys().forEach(key -> writer.copyKey(file, key));
                file.tensors().values().forEach(tensor -> writer.copyTensor(file, tensor));
                writer.write(copy);
            }
            assertThat(copy).hasSameBinaryContentAs(original);
        }
    }

    @Test
    void aKeyPutInAgainKeepsItsPlaceAndTakesTheNewValue(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("keys.gguf");
        new GgufWriter()
                .putUint32("a", 1)
                .putUint32("b", 2)
                .putString("a", "new")
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.metadata().keys()).containsExactly("a", "b");
            assertThat(file.metadata().requireString("a")).isEqualTo("new");
        }
    }

    @Test
    void aFailureLeavesTheFormerFileAndNothingElse(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("model.gguf"), "former");
        GgufWriter writer = new GgufWriter().addTensor("t", List.of(2L), GgmlType.F32, out -> out.write(new byte[7]));
        assertThatThrownBy(() -> writer.write(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("data of t must have 8 bytes for [2] of F32, had 7");
        assertThat(path).hasContent("former");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void refusesTensorsThatCanNotBe() {
        GgufWriter writer = new GgufWriter().addFloats("t", List.of(1L), new float[1]);
        assertThatThrownBy(() -> writer.addFloats("t", List.of(1L), new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensors must have names of their own, 't' was given twice");
        assertThatThrownBy(() -> writer.addFloats("u", List.of(), new float[1]))
                .hasMessage("u must have 1 to 4 sizes, had 0");
        assertThatThrownBy(() -> writer.addFloats("u", List.of(3L, 0L), new float[1]))
                .hasMessage("u must have sizes of at least 1, had [3, 0]");
        assertThatThrownBy(() -> writer.addTensor("u", List.of(16L), GgmlType.Q8_0, out -> {}))
                .hasMessage("u must have rows of a multiple of 32 elements for Q8_0, had 16");
        assertThatThrownBy(() -> writer.alignment(24)).hasMessage("alignment must be a power of 2, was 24");
        assertThatThrownBy(() -> writer.putString("", "x")).hasMessage("key must have 1 to 65535 bytes, was ''");
    }
}
