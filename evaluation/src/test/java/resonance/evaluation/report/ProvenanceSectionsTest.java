package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import resonance.evaluation.ExampleComparison;
import resonance.report.KeyValues;
import resonance.report.Section;
import resonance.study.Provenance;

class ProvenanceSectionsTest {

    private static final Provenance ONE = ExampleComparison.provenance();
    private static final Provenance OTHER = new Provenance(
            ONE.softwareVersion(),
            "fedcba98",
            ONE.javaVersion(),
            ONE.libTorchVersion(),
            ONE.operatingSystem(),
            "Another CPU",
            64,
            ONE.date(),
            ONE.commandLine());

    @Test
    void oneProvenanceIsOneListOfValues() {
        List<Section> sections = ProvenanceSections.of(List.of(ONE), Map.of("runs by build", "a: 1"));
        assertThat(sections).hasSize(1);
        KeyValues values = (KeyValues) sections.get(0);
        assertThat(values.title()).isEqualTo("Provenance");
        assertThat(values.explanation()).isEmpty();
        assertThat(values.values().keySet())
                .containsExactly(
                        "software",
                        "commit",
                        "Java",
                        "LibTorch",
                        "operating system",
                        "processor",
                        "cores",
                        "date",
                        "command",
                        "runs by build");
    }

    @Test
    void severalAreSideBySideAndSayInWhatTheyDiffer() {
        List<Section> sections = ProvenanceSections.of(List.of(ONE, OTHER), Map.of());
        assertThat(sections).hasSize(2);
        KeyValues first = (KeyValues) sections.get(0);
        KeyValues second = (KeyValues) sections.get(1);
        assertThat(first.title()).isEqualTo("Provenance 1 of 2");
        assertThat(first.explanation())
                .isEqualTo("These results were not all made in one run. The runs differ in commit, processor, cores.");
        assertThat(first.values()).containsEntry("processor", "Example CPU @ 2.00GHz");
        assertThat(second.title()).isEqualTo("Provenance 2 of 2");
        assertThat(second.explanation()).isEmpty();
        assertThat(second.values()).containsEntry("processor", "Another CPU").containsEntry("cores", "64");
    }
}
