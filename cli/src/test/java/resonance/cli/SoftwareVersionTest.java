package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftwareVersionTest {
    @Test
    void theVersionIsThePoms() {
        assertThat(SoftwareVersion.version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }

    @Test
    void theCommitIsUnknownOutsideARepository(@TempDir Path folder) throws IOException {
        assertThat(SoftwareVersion.commit(null)).isEqualTo("unknown");
        assertThat(SoftwareVersion.commit(folder.toString())).isEqualTo("unknown");
        Files.createDirectory(folder.resolve(".git"));
        assertThat(SoftwareVersion.commit(folder.toString())).isEqualTo("unknown");
    }
}
