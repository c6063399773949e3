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

    private static final Provenance RUN =
            new Provenance("1.2", "abc", "17", "2.10", "Linux", "a CPU", 2, "2026-01-02T03:04:05Z", "./resonance a");

    @Test
    void aBuildOnAMachineIsVersionCommitAndProcessorInWords() {
        assertThat(RUN.buildAndMachine()).isEqualTo("1.2 (commit abc) on a CPU");
    }

    @Test
    void theTimeTheCommandAndTheSystemMakeNoOtherBuildOrMachine() {
        Provenance later = new Provenance(
                "1.2", "abc", "21", "2.11", "macOS", "a CPU", 64, "2027-01-01T00:00:00Z", "./resonance b");
        assertThat(RUN.sameBuildAndMachine(RUN)).isTrue();
        assertThat(RUN.sameBuildAndMachine(later)).isTrue();
        assertThat(later.sameBuildAndMachine(RUN)).isTrue();
    }

    @Test
    void anotherVersionCommitOrProcessorIsAnother() {
        assertAnother(RUN, withBuild("1.3", "abc", "a CPU"));
        assertAnother(RUN, withBuild("1.2", "abd", "a CPU"));
        assertAnother(RUN, withBuild("1.2", "abc", "another CPU"));
    }

    private static Provenance withBuild(String version, String commit, String processor) {
        return new Provenance(
                version, commit, "17", "2.10", "Linux", processor, 2, "2026-01-02T03:04:05Z", "./resonance a");
    }

    private static void assertAnother(Provenance one, Provenance other) {
        assertThat(one.sameBuildAndMachine(other)).as("%s", other).isFalse();
        assertThat(other.sameBuildAndMachine(one)).as("%s", other).isFalse();
    }
}
