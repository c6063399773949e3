package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputPlaceTest {
    private final Path folder;
    private final Path model;

    OutputPlaceTest(@TempDir Path folder) {
        this.folder = folder;
        this.model = folder.resolve("model.gguf");
    }

    @BeforeEach
    void writeModel() throws IOException {
        Files.writeString(model, "model");
    }

    @Test
    void aNewPlaceIsAbsoluteAndItsFolderIsMade() throws IOException {
        Path out = folder.resolve("a/../b/c/out.gguf");
        assertThat(OutputPlace.prepare(out, model, false, false, 10)).isEqualTo(folder.resolve("b/c/out.gguf"));
        assertThat(folder.resolve("b/c")).isEmptyDirectory();
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void aPlaceWithoutAFolderIsRefused() {
        assertThatThrownBy(() -> OutputPlace.prepare(Path.of("/"), model, true, true, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OUT must be a place in a folder, was /");
    }

    @Test
    void theModelAndAFolderAroundItAreRefusedEvenByAnotherName() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), model);
        for (Path out : new Path[] {model, link, folder}) {
            assertThatThrownBy(() -> OutputPlace.prepare(out, model, true, true, 10))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "OUT must be another place than MODEL, was " + out + "; an export never changes its model");
        }
    }

    @Test
    void anExistingPlaceIsRefusedUnlessItMayBeReplaced() throws IOException {
        Path out = Files.writeString(folder.resolve("out.gguf"), "earlier");
        assertThatThrownBy(() -> OutputPlace.prepare(out, model, false, true, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OUT must not exist yet, was " + out + "; replace it by --force or name another place");
        assertThatThrownBy(() -> OutputPlace.prepare(out, model, true, false, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OUT must be an earlier export to be replaced, was " + out
                        + "; name another place, or remove it yourself");
        assertThat(OutputPlace.prepare(out, model, true, true, 10)).isEqualTo(out);
        assertThat(out).hasContent("earlier");
    }

    @Test
    void aDiskWithoutRoomIsRefusedBeforeAnythingIsWritten() {
        Path out = folder.resolve("out.gguf");
        assertThatThrownBy(() -> OutputPlace.prepare(out, model, false, false, Long.MAX_VALUE / 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("OUT must have room for 4,611,686,018,428 MB, \\Q" + folder
                        + "\\E has [0-9,]+ MB; free some or name another place");
        assertThat(out).doesNotExist();
    }
}
