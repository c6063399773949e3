package resonance.evaluation.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamedFolderTest {
    @ParameterizedTest
    @CsvSource({
        "runs/a,        '',   '', runs/a",
        "yarn=runs/a,   yarn, '', runs/a",
        "yarn:3=runs/a, yarn, 3,  runs/a",
        "yarn=C:/a=b,   yarn, '', C:/a=b",
    })
    void aFolderMayHaveANameAndASeed(String text, String name, String seed, String folder) {
        assertThat(NamedFolder.of(text)).isEqualTo(new NamedFolder(name, seed, Path.of(folder)));
    }

    @Test
    void whatIsAFolderAsItStandsHasNoName(@TempDir Path folder) throws IOException {
        String odd = Files.createDirectory(folder.resolve("a=b")).toString();
        assertThat(NamedFolder.of(odd)).isEqualTo(new NamedFolder("", "", Path.of(odd)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=runs/a", "yarn=", "yarn:=runs/a", "a:b:c=runs/a"})
    void aNameWithoutAFolderIsRefused(String text) {
        assertThatThrownBy(() -> NamedFolder.of(text))
                .hasMessage("folder must be DIR, NAME=DIR or NAME:SEED=DIR, was '" + text + "'");
    }
}
