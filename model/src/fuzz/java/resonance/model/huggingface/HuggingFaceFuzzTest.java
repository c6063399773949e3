package resonance.model.huggingface;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import resonance.model.ModelFormatException;
import resonance.model.PositionSettings;
import resonance.model.storage.MappedFile;

/**
 * Any bytes are read as a header or a configuration, or refused with a {@link ModelFormatException}.
 *
 * <pre>
 *   JAZZER_FUZZ=1 mvn -P fuzz -pl model -am test -Dtest=HuggingFaceFuzzTest#safetensors \
 *       -Dsurefire.failIfNoSpecifiedTests=false            (or #config) </pre>
 *
 * <p>Starts from the inputs in {@code src/test/resources}, which every build reads again, and keeps what it finds there.
 */
class HuggingFaceFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void safetensors(byte[] bytes) {
        try {
            SafetensorsHeader.read(MappedFile.of(Path.of("fuzzed.safetensors"), bytes));
        } catch (ModelFormatException refusal) {
            requireName(refusal, "fuzzed.safetensors");
        }
    }

    @FuzzTest(maxDuration = "2m")
    void config(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("fuzzed", "config.json");
        try {
            Files.write(file, bytes);
            ConfigFile config = ConfigFile.read(file);
            PositionSettings positions =
                    HuggingFacePositions.of(file.resolveSibling(""), config).positions();
            DescriptionReader.read(config, "fuzzed", positions, SafetensorsType.F32);
        } catch (ModelFormatException refusal) {
            requireName(refusal, "config.json");
        } finally {
            Files.delete(file);
        }
    }

    private static void requireName(ModelFormatException refusal, String name) {
        if (!String.valueOf(refusal.getMessage()).contains(name)) {
            throw new AssertionError("a refusal must name the file", refusal);
        }
    }
}
