package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that appear whole or not at all, and the files that are brought into them. */
class NewFolderTest {
    private final Path parent;
    private final Path place;

    NewFolderTest(@TempDir Path parent) {
        this.parent = parent;
        this.place = parent.resolve("place");
    }

    @Test
    void aFolderIsInItsPlaceOnceItIsMoved() throws IOException {
        try (NewFolder folder = NewFolder.beside(place)) {
            Files.writeString(folder.path().resolve("a"), "new");
            assertThat(place).doesNotExist();
            folder.moveTo(place);
        }
        assertThat(place.resolve("a")).hasContent("new");
        assertThat(names()).containsExactly("place");
    }

    @Test
    void aFolderThatIsNeverMovedIsRemovedWithAllInItAndLinksLoseNothing() throws IOException {
        Path kept = Files.writeString(parent.resolve("kept"), "kept");
        try (NewFolder folder = NewFolder.beside(place)) {
            Files.createDirectories(folder.path().resolve("deep/deeper"));
            Files.createSymbolicLink(folder.path().resolve("deep/link"), kept);
        }
        assertThat(kept).hasContent("kept");
        assertThat(names()).containsExactly("kept");
    }

    @Test
    void aFormerFolderIsReplacedWhole() throws IOException {
        Files.createDirectories(place);
        Files.writeString(place.resolve("old"), "old");
        try (NewFolder folder = NewFolder.beside(place)) {
            Files.writeString(folder.path().resolve("new"), "new");
            folder.moveTo(place);
        }
        assertThat(place).isDirectoryContaining("glob:**new").isDirectoryNotContaining("glob:**old");
        assertThat(names()).containsExactly("place");
    }

    @Test
    void aFormerFolderComesBackWhereTheNewOneCannotBeMoved() throws IOException {
        Files.createDirectories(place);
        Files.writeString(place.resolve("old"), "old");
        NewFolder folder = NewFolder.beside(place);
        Files.delete(folder.path());
        assertThatThrownBy(() -> folder.moveTo(place)).isInstanceOf(IOException.class);
        assertThat(place.resolve("old")).hasContent("old");
        assertThat(names()).containsExactly("place");
    }

    @Test
    void aCopyIsTheSameBytesAndTellsHowFarItIsOverAllFiles() throws IOException {
        byte[] large = new byte[9_000_000];
        new Random(51).nextBytes(large);
        Path source = Files.write(parent.resolve("large"), large);
        Path small = Files.writeString(parent.resolve("small"), "small");
        List<Long> told = new ArrayList<>();
        FileCopy copy = new FileCopy(9_000_005, (bytes, total) -> told.add(bytes), () -> false);
        copy.copy(source, parent.resolve("copy"));
        copy.copy(small, parent.resolve("copy2"));
        assertThat(parent.resolve("copy")).hasBinaryContent(large);
        assertThat(told).containsExactly(1L << 22, 1L << 23, 9_000_000L, 9_000_005L);
    }

    @Test
    void aCopyStopsWithinAFile() throws IOException {
        Path source = Files.write(parent.resolve("large"), new byte[9_000_000]);
        List<Long> told = new ArrayList<>();
        FileCopy copy = new FileCopy(9_000_000, (bytes, total) -> told.add(bytes), () -> told.size() == 1);
        assertThatThrownBy(() -> copy.copy(source, parent.resolve("copy")))
                .isInstanceOf(CancellationException.class)
                .hasMessage("the export was stopped; nothing was left behind");
        assertThat(told).containsExactly(1L << 22);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
