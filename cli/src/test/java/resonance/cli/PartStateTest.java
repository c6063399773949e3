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
        return state(kind, ExpectedSpeed.UNKNOWN, finished);
    }

    private static PartState state(String kind, ExpectedSpeed expected, Map<String, CellTime> finished) {
        return new PartState(
                new Part(kind + finished.size(), kind, "./resonance x", expected, List.of(SHORT, LONG)),
                Path.of("out"),
                new FolderState(finished, List.of(), 0, Optional.empty()));
    }

    private static ExpectedSpeed expected(double speed, TimeSource by) {
        return new ExpectedSpeed(speed, List.of(by));
    }

    private static Optional<TimeLeft> byFinished(double seconds) {
        return Optional.of(new TimeLeft(seconds, TimeSource.FINISHED));
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
        assertThat(part.timeLeft(List.of(part))).isEqualTo(byFinished(20 / 30.0 * 5));
        PartState all = state("reading", Map.of("a", took(2), "b", took(3), "c", took(9)));
        assertThat(all.timeLeft(List.of(all))).isEqualTo(byFinished(0));
    }

    /** Both cells of a training have its whole time, and one that is missing takes all of it again. */
    @Test
    void aTrainingIsDoneWhole() {
        PartState part = state("training", Map.of("b", trained(80), "c", trained(81)));
        assertThat(part.timeLeft(List.of(part))).isEqualTo(byFinished(10 / 40.0 * 81));
        PartState half = state("training", Map.of("b", trained(80)));
        assertThat(half.amountLeft()).isEqualTo(50);
        assertThat(half.timeLeft(List.of(half))).isEqualTo(byFinished(100));
    }

    @Test
    void aPartWithoutFinishedCellsGoesByThoseOfItsKind() {
        PartState begun = state("reading", Map.of("a", took(2)));
        PartState other = state("training", Map.of("a", trained(7)));
        PartState next = state("reading", Map.of());
        assertThat(next.timeLeft(List.of(begun, other, next))).isEqualTo(byFinished(10));
        assertThat(next.timeLeft(List.of(other, next))).isEmpty();
        PartState silent = state("reading", Map.of("a", new CellTime(OptionalDouble.empty(), false)));
        assertThat(silent.timeLeft(List.of(silent))).isEmpty();
    }

    @Test
    void whatIsExpectedCountsUntilACellOfItsKindIsFinished() {
        PartState planned = state("reading", expected(5, TimeSource.EARLIER), Map.of());
        assertThat(planned.timeLeft(List.of(planned))).contains(new TimeLeft(10, TimeSource.EARLIER));
        PartState other = state("training", Map.of("a", trained(7)));
        assertThat(planned.timeLeft(List.of(other, planned))).contains(new TimeLeft(10, TimeSource.EARLIER));
        PartState begun = state("reading", expected(5, TimeSource.EARLIER), Map.of("a", took(2)));
        assertThat(planned.timeLeft(List.of(begun, planned))).isEqualTo(byFinished(10));
        assertThat(begun.timeLeft(List.of(begun, planned))).isEqualTo(byFinished(8));
        PartState silent = state(
                "reading", expected(5, TimeSource.PRODUCTS), Map.of("a", new CellTime(OptionalDouble.empty(), false)));
        assertThat(silent.timeLeft(List.of(silent))).contains(new TimeLeft(8, TimeSource.PRODUCTS));
    }

    @Test
    void theTimeOfAllPartsIsNoSurerThanTheLeastSureOfThemAndNamesThoseThatNothingIsKnownOf() {
        PartState begun = state("reading", Map.of("a", took(60)));
        PartState earlier = state("asking", expected(5, TimeSource.EARLIER), Map.of());
        PartState rough = state("training", expected(1, TimeSource.PRODUCTS), Map.of());
        PartState unknown = state("searching", Map.of());
        PartState done = state("reading", Map.of("a", took(1), "b", took(1), "c", took(1)));
        assertThat(PartTimes.of(List.of(begun)).text())
                .isEqualTo("1 of 3 cells, about 4:00 left, by the times of finished cells.");
        assertThat(PartTimes.of(List.of(begun, earlier)).text())
                .isEqualTo("1 of 6 cells, about 4:10 left, by earlier runs on this machine.");
        assertThat(PartTimes.of(List.of(rough, earlier)).text())
                .isEqualTo("0 of 6 cells, roughly 0:30 to 2:00 left, by the speed of this machine's products.");
        assertThat(PartTimes.of(List.of(done)).text()).isEqualTo("3 of 3 cells; nothing is left.");
        assertThat(PartTimes.of(List.of(begun, unknown)).text())
                .isEqualTo(
                        "1 of 6 cells, about 4:00 left, by the times of finished cells, without what is not known; the"
                                + " time is unknown until the first cell is done of searching0.");
        assertThat(PartTimes.of(List.of(unknown)).text())
                .isEqualTo("0 of 3 cells; the time is unknown until the first cell is done of searching0.");
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
        // Of its own kind it knows better; of others, what is expected is all there is.
        PartState expected = state("reading", expected(1, TimeSource.EARLIER), nothing);
        assertThat(PartOfStudy.of(List.of(first, expected), 0, "").timeInAll(90, half))
                .isEqualTo(", 4:40 in all");
        PartState another = state("asking", expected(1, TimeSource.PRODUCTS), nothing);
        assertThat(PartOfStudy.of(List.of(first, another), 0, "").timeInAll(90, half))
                .isEqualTo(", 2:30 in all");
    }
}
