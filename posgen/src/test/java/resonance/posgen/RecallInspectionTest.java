package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import resonance.posgen.RecallInspection.Near;
import resonance.posgen.RecallInspection.Stretch;

class RecallInspectionTest {

    @Test
    void theAnswerOfAQueryStandsBehindItsKeyInThePairs() {
        AssociativeRecall task = new AssociativeRecall(12, 2, 0.01);
        int[] memory = {9, 2, 8, 4, 7, 0, 0, 4, 7, 2, 8};
        assertThat(task.answerOf(memory, 1, 7)).isEqualTo(3);
        assertThat(task.answerOf(memory, 1, 9)).isEqualTo(1);
        assertThat(task.chance()).isEqualTo(1 / 6.0);
    }

    @Test
    void theAnswerOfAReadStandsBehindTheLastInstructionThatIsNoIgnore() {
        int write = FlipFlop.WRITE;
        int read = FlipFlop.READ;
        int ignore = FlipFlop.IGNORE;
        int[] memory = {9, write, 1, ignore, 0, ignore, 0, read, 1, ignore, 0, read, 1};
        assertThat(FlipFlop.DEFAULT.answerOf(memory, 1, 7)).isEqualTo(1);
        assertThat(FlipFlop.DEFAULT.answerOf(memory, 1, 11)).isEqualTo(7);
        assertThat(FlipFlop.DEFAULT.chance()).isEqualTo(0.5);
    }

    @Test
    void distancesOfFlipFlopDoNotGrowWithThePosition() {
        RecallInspection inspection = RecallInspection.of(new FlipFlop(0.5, 0.5), 64, 256, 2_000, 1);
        assertThat(inspection.test())
                .extracting(Stretch::from, Stretch::to)
                .containsExactly(tuple(0, 64), tuple(64, 128), tuple(128, 256));
        // Geometric: 1 / (1 - p) instructions of two tokens, and half of the answers stand in the one before.
        for (Stretch stretch : inspection.test().subList(1, 3)) {
            assertThat(stretch.meanDistance()).isCloseTo(4, within(0.1));
            assertThat(stretch.newDistances()).isLessThan(0.001);
        }
        assertThat(inspection.near().get(0)).isEqualTo(new Near(1, 0));
        assertThat(inspection.near().get(1).share()).isCloseTo(0.5, within(0.01));
        assertThat(inspection.near().get(2).share()).isCloseTo(0.75, within(0.01));
    }

    @Test
    void distancesOfRecallGrowWithThePosition() {
        RecallInspection inspection = RecallInspection.of(AssociativeRecall.DEFAULT, 64, 256, 500, 1);
        assertThat(inspection.training().tokens()).isEqualTo(500 * 8);
        assertThat(inspection.training().newDistances()).isZero();
        assertThat(inspection.test().stream().mapToLong(Stretch::tokens).sum()).isEqualTo(500 * 8);
        // The last value stands at 63 and its key's at 1, 62 tokens before, and beyond at most 254 before 255.
        assertThat(inspection.training().mostDistance()).isEqualTo(62);
        assertThat(inspection.test().get(2).mostDistance()).isBetween(200, 254);
        // The least is from 128 + 1 to the last pair's value at 15, which training has not.
        assertThat(inspection.test().get(2).newDistances()).isEqualTo(1);
        assertThat(inspection.test()).extracting(Stretch::meanDistance).isSorted();
    }

    @Test
    void refusesMoreThanItWouldKeep() {
        assertThatThrownBy(() -> RecallInspection.of(FlipFlop.DEFAULT, 64, 256, 65_537, 1))
                .hasMessage("rows must be at most 65536 for sequences of 256 tokens, was 65537");
        assertThatThrownBy(() -> RecallInspection.of(FlipFlop.DEFAULT, 64, 256, 0, 1))
                .hasMessage("rows must be at least 1, was 0");
    }
}
