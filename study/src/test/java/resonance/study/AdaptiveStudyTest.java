package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Square;

class AdaptiveStudyTest {
    private final Path folder;
    private final List<String> told = new ArrayList<>();

    AdaptiveStudyTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Squares a number, then its square, and so on to the first above a limit; knows that after 2 there is 3. */
    private record Squaring(int first, int limit) implements AdaptiveStudy<Integer, Square> {
        @Override
        public List<PlannedCell<Integer>> next(List<Square> results) {
            if (results.isEmpty()) {
                return List.of(cell(first), cell(first + 1));
            }
            int last = results.get(results.size() - 1).square();
            return last > limit ? List.of() : List.of(cell(last));
        }

        private static PlannedCell<Integer> cell(int number) {
            return CountingStudy.of(0).cell(number);
        }

        @Override
        public String kind() {
            return "counting";
        }

        @Override
        public Object plan() {
            return new CountingStudy.Plan(limit);
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public List<Job<Integer, Square>> jobs(List<PlannedCell<Integer>> missing) {
            return CountingStudy.of(0).jobs(missing);
        }

        @Override
        public Class<Square> resultType() {
            return Square.class;
        }
    }

    private class Heard implements StudyListener<Integer, Square> {
        @Override
        public void jobStarted(String name, List<Integer> cells) {
            told.add("job " + name);
        }

        @Override
        public void planned(int cells) {
            told.add(cells + " known");
        }

        @Override
        public void noted(String text, boolean alsoOnTerminal) {}

        @Override
        public void advanced(Progress progress) {}

        @Override
        public void cellFinished(Integer key, Square result) {
            told.add("is " + result.square());
        }
    }

    private boolean run(Squaring study, BooleanSupplier stop) throws IOException {
        try (StudyFolder<Square> store = StudyFolder.open(folder, study, CountingStudy.RUN)) {
            return new StudyRun<>(study, store, CountingStudy.RUN).run(new Heard(), stop);
        }
    }

    private List<Square> kept() throws IOException {
        return StudyRecords.read(folder, CountingStudy.Plan.class, Square.class).results();
    }

    @Test
    void everyCellFollowsFromTheOnesBefore() throws IOException {
        assertThat(run(new Squaring(2, 100), () -> false)).isTrue();
        assertThat(told)
                .containsExactly(
                        "2 known", "job 2", "is 4", "2 known", "job 4", "is 16", "3 known", "job 16", "is 256");
        assertThat(kept()).containsExactly(new Square(2, 4), new Square(4, 16), new Square(16, 256));
    }

    @Test
    void aStoppedRunGoesOnToTheSameResult() throws IOException {
        assertThat(run(new Squaring(2, 100), () -> told.contains("is 4"))).isFalse();
        assertThat(kept()).containsExactly(new Square(2, 4));
        told.clear();
        assertThat(run(new Squaring(2, 100), () -> false)).isTrue();
        assertThat(told).containsExactly("2 known", "job 4", "is 16", "3 known", "job 16", "is 256");
        assertThat(kept()).containsExactly(new Square(2, 4), new Square(4, 16), new Square(16, 256));
        told.clear();
        assertThat(run(new Squaring(2, 100), () -> false)).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void aFolderThatIsOpenedAgainKnowsEveryCellBeforeAnythingIsRun() throws IOException {
        Squaring study = new Squaring(2, 100);
        run(study, () -> told.contains("is 16"));
        try (StudyFolder<Square> store = StudyFolder.open(folder, study, CountingStudy.RUN)) {
            StudyRun<Integer, Square> again = new StudyRun<>(study, store, CountingStudy.RUN);
            assertThat(again.missing()).extracting(PlannedCell::key).containsExactly(16);
            assertThat(again.known()).extracting(PlannedCell::key).containsExactly(2, 4, 16);
            assertThat(kept()).hasSize(2);
        }
    }

    /** Its process began before there was a result, and finds the results of others in the folder. */
    @Test
    void aShareFollowsTheRecordsToTheCellsThatItIsAskedFor() throws IOException {
        Squaring study = new Squaring(2, 100);
        try (StudyFolder<Square> held = StudyFolder.open(folder, study, CountingStudy.RUN);
                StudyShare<Integer, Square> share =
                        new StudyShare<>(new OpenedStudy<>(study, CountingStudy.RUN, () -> {}), folder)) {
            StudyRun<Integer, Square> run = new StudyRun<>(study, held, CountingStudy.RUN);
            for (int number : List.of(2, 4, 16)) {
                assertThat(run.wave()).extracting(PlannedCell::key).containsExactly(number);
                List<String> names = List.of(Squaring.cell(number).fileName());
                assertThat(share.run(names, new Heard(), () -> false)).isTrue();
            }
            assertThat(run.wave()).isEmpty();
            assertThatThrownBy(() -> share.run(List.of(Squaring.cell(5).fileName()), new Heard(), () -> false))
                    .isInstanceOf(WorkerException.class)
                    .hasMessageContaining("is none of its cells here");
        }
        assertThat(told).contains("is 4", "is 16", "is 256");
    }

    @Test
    void aStudyThatAsksForTheSameCellAgainIsCaught() {
        assertThatThrownBy(() -> run(new Squaring(1, 100), () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("next must give cells that are not finished, gave 1");
    }
}
