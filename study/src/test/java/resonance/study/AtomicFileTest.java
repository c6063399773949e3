package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    private final Path folder;

    AtomicFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void replacesWhatWasThereAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("result.txt");
        AtomicFile.write(file, "first, and longer than the second");
        AtomicFile.write(file, "zweite ± Zeile");
        assertThat(file).hasContent("zweite ± Zeile");
        assertThat(entries()).containsExactly(file);
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNoRemains() throws IOException {
        Path occupied = Files.createDirectories(folder.resolve("result.txt"));
        Files.writeString(occupied.resolve("inside"), "kept");
        assertThatThrownBy(() -> AtomicFile.write(occupied, "new")).isInstanceOf(IOException.class);
        assertThat(occupied.resolve("inside")).hasContent("kept");
        assertThat(entries()).containsExactly(occupied);
    }

    @Test
    void theFolderMustExist() {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("absent").resolve("result.txt"), "text"))
                .isInstanceOf(NoSuchFileException.class);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
