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
import resonance.study.WrittenFiles;

/** Folders that appear whole or not at all, and the files that are brought into them. */
class NewFolderTest {
    private final Path parent;
    private final Path place;
    private final WrittenFiles files;

    NewFolderTest(@TempDir Path parent) {
        this.parent = parent;
        this.place = parent.resolve("place");
        this.files = WrittenFiles.in(place, "export", "1");
    }

    @Test
    void aFolderIsInItsPlaceOnceItIsMoved() throws IOException {
        try (NewFolder folder = NewFolder.beside(place, files)) {
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
        try (NewFolder folder = NewFolder.beside(place, files)) {
            Files.createDirectories(folder.path().resolve("deep/deeper"));
            Files.createSymbolicLink(folder.path().resolve("deep/link"), kept);
        }
        assertThat(kept).hasContent("kept");
        assertThat(names()).containsExactly("kept");
    }

    private void exported(String content) throws IOException {
        try (NewFolder folder = NewFolder.beside(place, files)) {
            Files.writeString(folder.path().resolve("file"), content);
            folder.moveTo(place);
        }
    }

    @Test
    void aFormerFolderIsReplacedWhole() throws IOException {
        exported("old");
        exported("new");
        assertThat(place.resolve("file")).hasContent("new");
        assertThat(names()).containsExactly("place");
    }

    @Test
    void whatTheUserPutThereMeanwhileIsNotRemoved() throws IOException {
        exported("old");
        Files.writeString(place.resolve("notes"), "mine");
        exported("new");
        assertThat(place.resolve("file")).hasContent("new");
        assertThat(names()).hasSize(2);
        Path former = parent.resolve(names().get(1));
        assertThat(former.getFileName().toString()).startsWith("place.former-");
        assertThat(former.resolve("notes")).hasContent("mine");
        assertThat(former.resolve("file")).doesNotExist();
    }

    @Test
    void aFormerFolderComesBackWhereTheNewOneCannotBeMoved() throws IOException {
        exported("old");
        NewFolder folder = NewFolder.beside(place, files);
        Path hidden = Files.move(folder.path(), parent.resolve("hidden"));
        assertThatThrownBy(() -> folder.moveTo(place)).isInstanceOf(IOException.class);
        assertThat(place.resolve("file")).hasContent("old");
        assertThat(names()).containsExactly(String.valueOf(hidden.getFileName()), "place");
    }

    @Test
    void aKillBetweenTheTwoMovesIsPutRight() throws IOException {
        exported("old");
        Files.move(place, parent.resolve("place.former-0123456789abcdef"));
        NewFolder.recover(place, files);
        assertThat(place.resolve("file")).hasContent("old");
        assertThat(names()).containsExactly("place");
    }

    @Test
    void aKillAfterBothMovesAndOneWhileFillingLeaveNothingToTheNextOne() throws IOException {
        exported("old");
        Files.move(place, parent.resolve("place.former-0123456789abcdef"));
        exported("new");
        Path partial =
                Files.move(NewFolder.beside(place, files).path(), parent.resolve("place.partial-fedcba9876543210"));
        Files.writeString(partial.resolve("half"), "ha");
        Files.createDirectories(parent.resolve("place.partial-0000000000000000"));
        NewFolder.recover(place, files);
        assertThat(place.resolve("file")).hasContent("new");
        assertThat(names()).containsExactly("place");
    }

    @Test
    void foldersOfTheUsersWithSuchNamesStay() throws IOException {
        exported("new");
        for (String name :
                List.of("place.partial-0123456789abcdef", "place.former-0123456789abcdef", "place.partial-1")) {
            Files.createDirectories(parent.resolve(name));
            Files.writeString(parent.resolve(name).resolve("notes"), "mine");
        }
        NewFolder.recover(place, files);
        assertThat(names())
                .containsExactly(
                        "place", "place.former-0123456789abcdef", "place.partial-0123456789abcdef", "place.partial-1");
        assertThat(parent.resolve("place.former-0123456789abcdef/notes")).hasContent("mine");
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
