package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {

    @Test
    void fillsInWhatTheJavaMachineKnows() {
        Instant before = Instant.now().minusSeconds(1);
        Provenance provenance = Provenance.ofThisMachine("1.2.3", "abc", "2.10.0", "./resonance posgen compare");
        assertThat(provenance.softwareVersion()).isEqualTo("1.2.3");
        assertThat(provenance.gitCommit()).isEqualTo("abc");
        assertThat(provenance.libTorchVersion()).isEqualTo("2.10.0");
        assertThat(provenance.commandLine()).isEqualTo("./resonance posgen compare");
        assertThat(provenance.javaVersion()).startsWith(System.getProperty("java.runtime.version") + " (");
        assertThat(provenance.operatingSystem()).contains(System.getProperty("os.name"), System.getProperty("os.arch"));
        assertThat(provenance.processor()).isNotBlank();
        assertThat(provenance.cores()).isPositive();
        assertThat(Instant.parse(provenance.date())).isBetween(before, Instant.now());
    }

    @Test
    void readsTheProcessorAsLinuxNamesIt(@TempDir Path folder) throws IOException {
        Path cpuInfo = Files.writeString(
                folder.resolve("cpuinfo"),
                "processor\t: 0\nvendor_id\t: Example\nmodel\t\t: 143\nmodel name\t: Example(R) CPU: X @ 2.0GHz\n");
        assertThat(Provenance.processorModel(cpuInfo)).isEqualTo("Example(R) CPU: X @ 2.0GHz");
        assertThat(Provenance.processorModel(folder.resolve("absent"))).isNotBlank();
    }
}
