package resonance.model.reading;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.ModelFormatException;

/** What is no model at all; the packages of the formats test the models. */
class ModelReaderTest {
    @Test
    void aPathThatIsNotThereIsRefused(@TempDir Path folder) {
        Path path = folder.resolve("absent");
        assertThatThrownBy(() -> ModelReader.open(path))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model must be a folder or a GGUF file, was " + path + ", which isn't there");
    }

    @Test
    void aFileOfAnotherKindIsRefusedWhateverItsName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.writeString(file, "gguf");
        assertThatThrownBy(() -> ModelReader.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model must be a folder or a GGUF file, was " + file);
    }

    @Test
    void aSafetensorsFileIsRefusedWithItsCure(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Files.write(file, new byte[100]);
        assertThatThrownBy(() -> ModelReader.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model must be a folder or a GGUF file, was " + file
                        + "; name the folder that holds it, with its config.json");
    }

    /** Positions need a configuration only, whatever its name. */
    @Test
    void positionsOfWhatIsNoConfigurationAreRefused(@TempDir Path folder) throws IOException {
        Path absent = folder.resolve("absent");
        refusesPositions(
                absent, "model must be a folder, a config.json or a GGUF file, was " + absent + ", which isn't there");
        Path text = Files.writeString(folder.resolve("notes.txt"), "rope_theta 10000");
        refusesPositions(text, "model must be a folder, a config.json or a GGUF file, was " + text);
        Path weights = Files.write(folder.resolve("model.safetensors"), new byte[100]);
        refusesPositions(
                weights,
                "model must be a folder, a config.json or a GGUF file, was " + weights
                        + "; name the folder that holds it, with its config.json");
        refusesPositions(folder, folder + ": must hold config.json or one .gguf file, held neither");
        Path other = Files.writeString(folder.resolve("tokenizer.json"), " {\"version\": \"1.0\"}");
        refusesPositions(
                other, "tokenizer.json: model_type must be given, was absent; it says which class reads the file");
    }

    private static void refusesPositions(Path path, String message) {
        assertThatThrownBy(() -> ModelReader.positions(path))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(message);
    }

    @Test
    void aFolderWithoutAModelIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> ModelReader.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder + ": must hold config.json or one .gguf file, held neither");
    }

    @Test
    void aFolderWithSeveralGgufFilesIsRefused(@TempDir Path folder) throws IOException {
        Files.createFile(folder.resolve("a.gguf"));
        Files.createFile(folder.resolve("b.gguf"));
        assertThatThrownBy(() -> ModelReader.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder + ": must hold config.json or one .gguf file, held 2 .gguf files; name one of them");
    }
}
