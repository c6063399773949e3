package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.evaluation.Encodings.encoding;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.ReferenceTable.Entry;

class ReferenceTableTest {
    private static final ReferenceTable PAPER = ReferenceTable.paperTable1();

    /** Table 1 of arXiv:2403.00071, column by column. */
    @ParameterizedTest
    @CsvSource({
        "recursive, 65.29, 62.64, 95.93, 98.30",
        "cot, 69.56, 75.25, 98.71, 99.58",
        "semi-recursive, 17.96, 29.78, 33.70, 48.46"
    })
    void hasThePublishedNumbers(String task, double rope, double resonanceRope, double yarn, double resonanceYarn) {
        assertThat(List.of("rope", "resonance-rope", "yarn", "resonance-yarn"))
                .extracting(
                        name -> PAPER.entry(task, encoding(name)).orElseThrow().percent())
                .containsExactly(rope, resonanceRope, yarn, resonanceYarn);
    }

    @Test
    void hasEveryTaskAndEncodingOnceTaskByTask() {
        assertThat(PAPER.entries()).hasSize(12);
        assertThat(PAPER.entries()).extracting(Entry::task).containsSubsequence("recursive", "cot", "semi-recursive");
        assertThat(PAPER.entries().stream().map(entry -> entry.task() + " " + entry.encoding()))
                .doesNotHaveDuplicates();
    }

    @Test
    void yarnIsAboveRopeAndResonanceYarnAboveYarnInEveryTask() {
        for (String task : List.of("recursive", "cot", "semi-recursive")) {
            double rope = percent(task, "rope");
            double yarn = percent(task, "yarn");
            assertThat(yarn).as(task).isGreaterThan(rope);
            assertThat(percent(task, "resonance-yarn")).as(task).isGreaterThan(yarn);
        }
    }

    @Test
    void whatWasNotPublishedIsMissing() {
        assertThat(PAPER.entry("cot", encoding("linear"))).isEmpty();
        assertThat(PAPER.entry("addition", encoding("rope"))).isEmpty();
        assertThat(ReferenceTable.none().entry("cot", encoding("rope"))).isEmpty();
    }

    private static double percent(String task, String name) {
        return PAPER.entry(task, encoding(name)).orElseThrow().percent();
    }
}
