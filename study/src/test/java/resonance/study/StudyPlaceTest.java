package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyPlaceTest {
    @ParameterizedTest
    @ValueSource(strings = {"runs/a", "/runs/a", "c:/runs", "a:b", "1://b", "runs/hdfs://b", "hdfs:/b", "://b"})
    void whatHasNoSchemeIsAPathOfThisMachine(String text) {
        assertThat(StudyPlace.isInStore(text)).isFalse();
        assertThat(StudyPlace.of(text)).isEqualTo(Path.of(text));
        assertThat(StudyPlace.text(StudyPlace.of(text))).isEqualTo(Path.of(text).toString());
    }

    @Test
    void aStoreIsFoundByItsScheme() {
        Path place = StudyPlace.of("memory://anywhere/a%20b c/d");
        assertThat(place.getFileSystem().provider().getScheme()).isEqualTo("jimfs");
        assertThat(place).hasToString("/a%20b c/d");
        assertThat(StudyPlace.of("MEMORY://anywhere/a%20b c/d")).isEqualTo(place);
        assertThat(StudyPlace.of("memory://anywhere")).hasToString("/");
    }

    @Test
    void aProviderThatTheJvmHasWillDo() throws IOException {
        try (FileSystem mine = Jimfs.newFileSystem("mine", Configuration.unix())) {
            Path place = StudyPlace.of("jimfs://mine/a%20b c");
            assertThat(place).isEqualTo(mine.getPath("/a%20b c"));
            assertThat(StudyPlace.text(place)).isEqualTo("jimfs://mine/a%20b c");
            assertThat(StudyPlace.isHere(place)).isFalse();
        }
    }

    @Test
    void aSchemeThatNobodyKnowsIsRefusedWithTheCure() {
        assertThatThrownBy(() -> StudyPlace.of("shelf://room/runs"))
                .isInstanceOfSatisfying(
                        UnfitFolderException.class,
                        refusal -> assertThat(refusal.message("--out"))
                                .isEqualTo("--out must be a path, or in a store that is known here, was"
                                        + " 'shelf://room/runs', and nothing on the class path knows shelf; start by"
                                        + " ./resonance, which adds the module hadoop, or name a jar that knows it in"
                                        + " RESONANCE_CLASSPATH"));
    }

    @Test
    void aStoreThatCantBeOpenedSaysWhy() {
        assertThatThrownBy(() -> StudyPlace.of("memory://closed/runs"))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage("output folder must be a place in a store that can be opened, 'memory://closed/runs' can't:"
                        + " it is closed today; correct it or the store's settings");
        assertThatThrownBy(() -> StudyPlace.of("memory://[a/runs"))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessageContaining("'memory://[a/runs' can't: ");
    }
}
