package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasurementCacheTest {
    private static final Map<String, String> KEY = Map.of("processor", "a CPU", "natives", "LibTorch 1");
    private static final Map<String, Double> FIGURES = Map.of("float32", 161.5, "bfloat16", 83.25);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path measured() {
        return folder.resolve("resonance/measured");
    }

    private MeasurementCache cache() {
        return new MeasurementCache(measured());
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(measured())) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void figuresAreFoundByALaterRun() throws IOException {
        assertThat(cache().find("products", KEY)).isEmpty();
        cache().keep("products", KEY, FIGURES);
        assertThat(cache().find("products", KEY)).contains(FIGURES);
        assertThat(onlyFile().getFileName().toString()).matches("products-[0-9a-f]{16}\\.json");
        assertThat(Files.readString(onlyFile())).isEqualTo("""
                {
                  "key" : {
                    "natives" : "LibTorch 1",
                    "processor" : "a CPU"
                  },
                  "figures" : {
                    "bfloat16" : 83.25,
                    "float32" : 161.5
                  }
                }
                """);
    }

    @Test
    void theFolderIsTheUsersAlone() throws IOException {
        cache().keep("products", KEY, FIGURES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(measured())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(measured().getParent())))
                .isEqualTo("rwx------");
    }

    @ParameterizedTest
    @CsvSource({"processor, another CPU", "natives, LibTorch 2", "cores, 4"})
    void figuresOfAnotherMachineOrVersionAreNotTaken(String name, String value) {
        cache().keep("products", KEY, FIGURES);
        Map<String, String> other = new java.util.HashMap<>(KEY);
        other.put(name, value);
        assertThat(cache().find("products", other)).isEmpty();
        assertThat(cache().find("openblas", KEY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"key\": {}, \"figures\": {}}",
                "{\"key\": {\"processor\": \"b\", \"natives\": \"LibTorch 1\"}, \"figures\": {\"float32\": 1}}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}, \"figures\": null}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}, \"figures\": {\"float32\": null}}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}, \"figures\": {\"float32\": \"x\"}}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}, \"figures\": {\"float32\": NaN}}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}, \"figures\": {\"float32\": 1e999}}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}, \"figures\": {\"float32\": 0}}",
                "{\"key\": {\"processor\": \"a CPU\", \"natives\": \"LibTorch 1\"}, \"figures\": {\"float32\": -161}}",
            })
    void aDamagedFileCountsAsAbsentAndIsWrittenAnew(String text) throws IOException {
        cache().keep("products", KEY, FIGURES);
        Files.writeString(onlyFile(), text);
        assertThat(cache().find("products", KEY)).isEmpty();
        cache().keep("products", KEY, FIGURES);
        assertThat(cache().find("products", KEY)).contains(FIGURES);
    }

    @Test
    void aFileTooLargeToBeOursIsNotRead() throws IOException {
        cache().keep("products", KEY, FIGURES);
        Files.writeString(onlyFile(), Files.readString(onlyFile()) + " ".repeat(65_536));
        assertThat(cache().find("products", KEY)).isEmpty();
    }

    @Test
    void aNamedPipeInPlaceOfTheFileIsNotWaitedFor() throws IOException, InterruptedException {
        cache().keep("products", KEY, FIGURES);
        Path file = onlyFile();
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertThat(cache().find("products", KEY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-"})
    void aFolderThatOthersMayWriteToIsNotUsed(String permissions) throws IOException {
        cache().keep("products", KEY, FIGURES);
        Files.setPosixFilePermissions(measured(), PosixFilePermissions.fromString(permissions));
        assertThat(cache().find("products", KEY)).isEmpty();
        Files.delete(onlyFile());
        cache().keep("products", KEY, FIGURES);
        assertThat(measured()).isEmptyDirectory();
    }

    @Test
    void aCacheThatCanNotBeWrittenStopsNothing() throws IOException {
        Files.writeString(folder.resolve("resonance"), "a file");
        cache().keep("products", KEY, FIGURES);
        assertThat(cache().find("products", KEY)).isEmpty();
        assertThat(folder.resolve("resonance")).hasContent("a file");
    }

    @Test
    void impossibleFiguresAreNotKept() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache().keep("products", KEY, Map.of("float32", Double.NaN)))
                .withMessage("float32 must be above 0 and finite, was NaN");
    }

    @Test
    void aUserWithoutAHomeKeepsNothing() {
        MeasurementCache none = new MeasurementCache(null);
        none.keep("products", KEY, FIGURES);
        assertThat(none.find("products", KEY)).isEmpty();
        assertThat(none.keeps()).isFalse();
    }
}
