package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.FolderInUseException;
import resonance.study.FolderLock;

class OutputPlaceTest {
    private final Path folder;
    private final Path model;
    private final Path out;

    OutputPlaceTest(@TempDir Path folder) {
        this.folder = folder;
        this.model = folder.resolve("model.gguf");
        this.out = folder.resolve("out.gguf");
    }

    @BeforeEach
    void writeModel() throws IOException {
        Files.writeString(model, "model");
    }

    private OutputPlace file(Path place, boolean replace) throws IOException {
        return OutputPlace.file(place, model, replace, "1", 10);
    }

    private OutputPlace folder(Path place, Path read, boolean replace) throws IOException {
        return OutputPlace.folder(place, read, replace, "1", 10);
    }

    private void exported(Path place, String content) throws IOException {
        try (OutputPlace taken = file(place, true)) {
            taken.write(file -> Files.writeString(file, content));
        }
    }

    private void assertRefused(Path place, String message) {
        assertThatThrownBy(() -> file(place, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static String noExport(Path place, String why) {
        return "OUT must be an earlier export as it was written to be replaced, was " + place + ": " + why
                + "; name another place, or remove it yourself";
    }

    @Test
    void aNewPlaceIsAbsoluteAndItsFolderIsMade() throws IOException {
        try (OutputPlace place = file(folder.resolve("a/../b/c/out.gguf"), false)) {
            assertThat(place.path()).isEqualTo(folder.resolve("b/c/out.gguf"));
        }
        assertThat(folder.resolve("b/c")).isEmptyDirectory();
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void aPlaceWithoutAFolderIsRefused() {
        assertRefused(Path.of("/"), "OUT must be a place in a folder, was '/'");
        assertRefused(Path.of(""), "OUT must be a place in a folder, was ''");
    }

    @Test
    void theModelAndAFolderAroundItAreRefusedEvenByAnotherName() throws IOException {
        Path hardLink = Files.createLink(folder.resolve("hard.gguf"), model);
        for (Path place : List.of(model, hardLink, folder)) {
            assertRefused(
                    place,
                    "OUT must be another place than MODEL, was " + place + "; an export never changes its model");
        }
        Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), model);
        assertRefused(
                link,
                "OUT must be a place of its own, was " + link + ", which is a link to " + model
                        + "; name another place");
    }

    @Test
    void aPlaceInsideTheModelsFolderIsRefusedAlsoThroughALink() throws IOException {
        Path read = Files.createDirectories(folder.resolve("read"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), read);
        for (Path place : List.of(read.resolve("long"), read.resolve("a/b/long"), link.resolve("long"))) {
            assertThatThrownBy(() -> folder(place, read, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("OUT must be outside of MODEL, was " + place + "; an export never changes its model");
        }
        assertThatThrownBy(() -> folder(read.resolve("long"), link, true))
                .hasMessage("OUT must be outside of MODEL, was " + read.resolve("long")
                        + "; an export never changes its model");
        assertThat(read).isEmptyDirectory();
    }

    @Test
    void anOutputThatTheModelsLinksPointIntoIsRefused() throws IOException {
        Path earlier = folder.resolve("earlier");
        try (OutputPlace place = folder(earlier, model, false);
                NewFolder filled = NewFolder.beside(place.path(), place.files())) {
            Files.writeString(filled.path().resolve("weights"), "weights");
            place.put(filled);
        }
        Path read = Files.createDirectories(folder.resolve("read"));
        Path link = Files.createSymbolicLink(read.resolve("weights"), earlier.resolve("weights"));
        try (OutputPlace place = folder(earlier, read, true)) {
            assertThatThrownBy(() -> place.requireOutside(List.of(link)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("OUT must be another place than MODEL, was " + earlier
                            + "; an export never changes its model");
        }
    }

    @Test
    void anEarlierExportIsReplacedOnlyIfThatIsAllowed() throws IOException {
        exported(out, "earlier");
        assertThatThrownBy(() -> file(out, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OUT must not exist yet, was " + out + "; replace it by --force or name another place");
        exported(out, "later");
        assertThat(out).hasContent("later");
        assertThat(names()).containsExactly(".resonance-files.json", "model.gguf", "out.gguf");
    }

    @Test
    void whatExportDidNotWriteOrTheUserChangedIsNeverReplaced() throws IOException {
        Files.writeString(out, "mine");
        assertRefused(out, noExport(out, "out.gguf was not written by export, or was changed since"));
        Files.delete(out);
        exported(out, "earlier");
        Files.writeString(out, "earlier, with a key changed");
        assertRefused(out, noExport(out, "out.gguf was not written by export, or was changed since"));
        Files.delete(out);
        Files.createDirectories(out);
        assertRefused(out, noExport(out, "it is a folder"));
        assertThat(names()).containsExactly(".resonance-files.json", "model.gguf", "out.gguf");
    }

    @Test
    void aFolderIsReplacedOnlyIfEverythingInItIsAnExports() throws IOException {
        Path read = Files.createDirectories(folder.resolve("read"));
        Path users = Files.createDirectories(folder.resolve("users"));
        Files.writeString(users.resolve("resonance.json"), "{}");
        assertThatThrownBy(() -> folder(users, read, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(noExport(users, "resonance.json must be a file that export wrote, is none"));
        assertThatThrownBy(() -> folder(model, read, true)).hasMessage(noExport(model, "it is no folder"));
        assertThat(users).isDirectoryContaining("glob:**resonance.json");
        assertThat(names()).containsExactly("model.gguf", "read", "users");
    }

    @Test
    void onlyOneProcessWritesToAPlace() throws IOException {
        try (OutputPlace place = file(out, false)) {
            assertThat(place.path()).isEqualTo(out);
            assertThatThrownBy(() -> file(out, false))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageStartingWith("output " + out + " must be free, process ");
            file(folder.resolve("other.gguf"), false).close();
        }
        Path earlier = folder.resolve("earlier");
        try (OutputPlace place = folder(earlier, model, false);
                NewFolder filled = NewFolder.beside(place.path(), place.files())) {
            place.put(filled);
        }
        FolderLock training = FolderLock.take(earlier);
        try (training) {
            assertThatThrownBy(() -> folder(earlier, model, true)).isInstanceOf(FolderInUseException.class);
        }
        folder(earlier, model, true).close();
        assertThat(names()).containsExactly("earlier", "model.gguf");
    }

    @Test
    void whatAKilledExportLeftIsRemoved() throws IOException {
        Files.writeString(folder.resolve(".out.gguf.0123456789abcdef.tmp"), "half");
        Files.writeString(folder.resolve("..out.gguf.0123456789abcdef.tmp.0123456789abcdef.tmp"), "half");
        Files.writeString(folder.resolve(".other.gguf.0123456789abcdef.tmp"), "another's");
        file(out, false).close();
        assertThat(names()).containsExactly(".other.gguf.0123456789abcdef.tmp", "model.gguf");
    }

    @Test
    void aDiskWithoutRoomIsRefusedBeforeAnythingIsWritten() throws IOException {
        assertThatThrownBy(() -> OutputPlace.file(out, model, false, "1", Long.MAX_VALUE / 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("OUT must have room for 4,611,686,018,428 MB, \\Q" + folder
                        + "\\E has [0-9,]+ MB; free some or name another place");
        assertThat(names()).containsExactly("model.gguf");
    }

    @Test
    void aPlaceBelowAFileIsRefused() {
        Path below = model.resolve("sub/out.gguf");
        assertThatThrownBy(() -> file(below, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("OUT must be in a folder that can be made, was " + below);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
