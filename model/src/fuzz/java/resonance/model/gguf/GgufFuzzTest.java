package resonance.model.gguf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

/**
 * Any bytes are read as a model or refused with a {@link ModelFormatException}.
 *
 * <pre>
 *   JAZZER_FUZZ=1 mvn -P fuzz -pl model -am test -Dtest=GgufFuzzTest -Dsurefire.failIfNoSpecifiedTests=false </pre>
 *
 * <p>Starts from the inputs in {@code src/test/resources}, which every build reads again, and keeps what it finds there.
 */
class GgufFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void openModel(byte[] bytes) {
        MappedFile file = MappedFile.of(Path.of("fuzzed.gguf"), bytes);
        try {
            TinyGguf.readEverything(GgufModel.open(GgufFile.open(file)));
        } catch (ModelFormatException refusal) {
            if (!String.valueOf(refusal.getMessage()).startsWith("fuzzed.gguf: ")) {
                throw new AssertionError("a refusal must name the file", refusal);
            }
        }
    }
}
