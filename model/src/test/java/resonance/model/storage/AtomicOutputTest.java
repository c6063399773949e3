package resonance.model.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicOutputTest {
    @Test
    void theFileHoldsWhatWasWrittenAndNothingIsLeftBesideIt(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(3).nextBytes(bytes);
        Path file = folder.resolve("file");
        AtomicOutput.write(file, out -> {
            out.write(bytes, 0, 100_000);
            assertThat(file).doesNotExist();
            out.write(bytes, 100_000, 100_000);
        });
        assertThat(file).hasBinaryContent(bytes);
        assertThat(names(folder)).containsExactly("file");
    }

    @Test
    void anEarlierFileIsReplacedAtTheEndAndKeptWhereWritingFails(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "earlier");
        assertThatThrownBy(() -> AtomicOutput.write(file, out -> {
                    out.write(1);
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        assertThat(file).hasContent("earlier");
        assertThat(names(folder)).containsExactly("file");
        AtomicOutput.write(file, out -> out.write('x'));
        assertThat(file).hasContent("x");
    }

    @Test
    void aFolderThatIsNotThereIsNotMade(@TempDir Path folder) {
        Path file = folder.resolve("absent/file");
        assertThatThrownBy(() -> AtomicOutput.write(file, out -> out.write(1)))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(file + ".partial");
        assertThat(folder).isEmptyDirectory();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
