package resonance.study;

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
    void theFileHoldsWhatWasWrittenAndNothingIsLeftBesideIt() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(3).nextBytes(bytes);
        Path file = folder.resolve("file");
        AtomicFile.write(file, out -> {
            out.write(bytes, 0, 100_000);
            assertThat(file).doesNotExist();
            out.write(bytes, 100_000, 100_000);
        });
        assertThat(file).hasBinaryContent(bytes);
        assertThat(entries()).containsExactly(file);
    }

    @Test
    void anEarlierFileIsReplacedAtTheEndAndKeptWhereWritingFails() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "earlier");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(1);
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        assertThat(file).hasContent("earlier");
        assertThat(entries()).containsExactly(file);
        AtomicFile.write(file, out -> out.write('x'));
        assertThat(file).hasContent("x");
    }

    @Test
    void theFolderMustExist() {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("absent").resolve("result.txt"), "text"))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void twoWritesAtOnceDoNotShareATemporaryFile() throws IOException {
        Path file = folder.resolve("file");
        AtomicFile.write(file, outer -> {
            outer.write('a');
            outer.flush();
            AtomicFile.write(file, "inner, and longer");
            outer.write('b');
        });
        assertThat(file).hasContent("ab");
        assertThat(entries()).containsExactly(file);
    }

    @Test
    void whatKilledRunsLeftIsRemovedAndNothingElse() throws IOException {
        for (String name : List.of(
                ".a.json.0123456789abcdef.tmp",
                "..a.json.0123456789abcdef.tmp.fedcba9876543210.tmp",
                ".b.json.0123456789abcdef.tmp",
                ".a.json.0123.tmp",
                ".a.json.tmp",
                "a.json")) {
            Files.writeString(folder.resolve(name), name);
        }
        Files.createDirectories(folder.resolve(".a.json.aaaaaaaaaaaaaaaa.tmp"));
        AtomicFile.removeLeftovers(folder, "a.json"::equals);
        assertThat(entries().stream().map(path -> path.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        ".b.json.0123456789abcdef.tmp",
                        ".a.json.0123.tmp",
                        ".a.json.tmp",
                        "a.json",
                        ".a.json.aaaaaaaaaaaaaaaa.tmp");
        AtomicFile.removeLeftovers(folder.resolve("absent"), "a.json"::equals);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
