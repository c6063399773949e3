package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import resonance.cli.StudyPlan.Part;
import resonance.cli.StudyPlan.Work;
import resonance.study.FolderState;
import resonance.study.FolderState.CellTime;
import resonance.study.StudyListener.Progress;

class PartStateTest {
    private static final Work SHORT = new Work(List.of("a"), 10);
    private static final Work LONG = new Work(List.of("b", "c"), 40);

    private static PartState state(String kind, Map<String, CellTime> finished) {
        return new PartState(
                new Part(kind + finished.size(), kind, "./resonance x", List.of(SHORT, LONG)),
                Path.of("out"),
                new FolderState(finished, List.of(), 0, Optional.empty()));
    }

    private static CellTime took(double seconds) {
        return new CellTime(OptionalDouble.of(seconds), false);
    }

    private static CellTime trained(double seconds) {
        return new CellTime(OptionalDouble.of(seconds), true);
    }

    @Test
    void theRestTakesItsWorkAtTheSpeedOfWhatIsFinished() {
        PartState part = state("reading", Map.of("a", took(2), "b", took(3)));
        assertThat(part.amountLeft()).isEqualTo(20);
        assertThat(part.secondsLeft(List.of(part))).hasValue(20 / 30.0 * 5);
        PartState all = state("reading", Map.of("a", took(2), "b", took(3), "c", took(9)));
        assertThat(all.secondsLeft(List.of(all))).hasValue(0);
    }

    /** Both cells of a training have its whole time, and one that is missing takes all of it again. */
    @Test
    void aTrainingIsDoneWhole() {
        PartState part = state("training", Map.of("b", trained(80), "c", trained(81)));
        assertThat(part.secondsLeft(List.of(part))).hasValue(10 / 40.0 * 81);
        PartState half = state("training", Map.of("b", trained(80)));
        assertThat(half.amountLeft()).isEqualTo(50);
        assertThat(half.secondsLeft(List.of(half))).hasValue(100);
    }

    @Test
    void aPartWithoutFinishedCellsGoesByThoseOfItsKind() {
        PartState begun = state("reading", Map.of("a", took(2)));
        PartState other = state("training", Map.of("a", trained(7)));
        PartState next = state("reading", Map.of());
        assertThat(next.secondsLeft(List.of(begun, other, next))).hasValue(10);
        assertThat(next.secondsLeft(List.of(other, next))).isEmpty();
        PartState silent = state("reading", Map.of("a", new CellTime(OptionalDouble.empty(), false)));
        assertThat(silent.secondsLeft(List.of(silent))).isEmpty();
    }

    @Test
    void theTimeOfAllPartsNamesThoseThatNothingIsKnownOf() {
        PartState begun = state("reading", Map.of("a", took(60)));
        PartState unknown = state("asking", Map.of());
        assertThat(PartTimes.of(List.of(begun)).text())
                .isEqualTo("1 of 3 cells, about 4:00 left, by the times of finished cells and the work that is left.");
        assertThat(PartTimes.of(List.of(begun, unknown)).text())
                .isEqualTo(
                        "1 of 6 cells, about 4:00 left of what is known; the time is unknown until the first cell is done"
                                + " of asking0.");
    }

    @Test
    void aRunningPartTellsTheTimeOfAllThatIsLeft() {
        Map<String, CellTime> nothing = new LinkedHashMap<>();
        PartState first = state("reading", nothing);
        PartState second = state("reading", nothing);
        PartState third = state("asking", nothing);
        Progress half = new Progress(0.5, OptionalDouble.of(100), "", false);
        PartOfStudy place = PartOfStudy.of(List.of(first, second), 0, "./resonance study run x");
        assertThat(place.prefix()).isEqualTo("part 1/2 reading0, ");
        assertThat(place.timeInAll(90, half)).isEqualTo(", 4:40 in all"); // 100 + 50 at 25 in 90 seconds
        assertThat(place.timeInAll(90, new Progress(0.5, OptionalDouble.empty(), "", false)))
                .isEmpty();
        assertThat(PartOfStudy.of(List.of(first, third), 0, "").timeInAll(90, half))
                .isEqualTo(", more than 1:40 in all");
        assertThat(PartOfStudy.of(List.of(first, second), 1, "").timeInAll(90, half))
                .isEmpty();
    }
}
