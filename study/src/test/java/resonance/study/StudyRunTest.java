package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Square;

class StudyRunTest {
    private static final long SECOND = 1_000_000_000L;

    private final Path folder;
    private final List<String> told = new ArrayList<>();
    private long now;

    StudyRunTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Writes down what it is told. */
    private class Heard implements StudyListener<Integer, Square> {
        @Override
        public void jobStarted(String name, List<Integer> cells) {
            told.add("job " + name + " of " + cells);
        }

        @Override
        public void noted(String text, boolean alsoOnTerminal) {
            told.add(text);
        }

        @Override
        public void advanced(Progress progress) {
            told.add(progress.fraction()
                    + (progress.secondsLeft().isPresent()
                            ? " " + progress.secondsLeft().getAsDouble()
                            : ""));
        }

        @Override
        public void cellFinished(Integer key, Square result) {
            told.add("cell " + key + " is " + result.square());
        }
    }

    private List<Square> finished() throws IOException {
        return StudyRecords.read(folder, CountingStudy.Plan.class, Square.class).results();
    }

    @Test
    void everyCellIsComputedKeptAndToldInTheOrderOfThePlan() throws IOException {
        CountingStudy study = clocked();
        try (StudyFolder<Square> store = StudyFolder.open(folder, study, CountingStudy.RUN)) {
            assertThat(new StudyRun<>(study, store, CountingStudy.RUN, () -> now).run(new Heard(), () -> false))
                    .isTrue();
        }
        assertThat(finished()).containsExactly(new Square(0, 0), new Square(1, 1));
        assertThat(told)
                .containsExactly(
                        "job 0 of [0]",
                        "0.0",
                        "0.25 9.0",
                        "0.5 3.0",
                        "cell 0 is 0",
                        "job 1 of [1]",
                        "0.5 3.0",
                        "0.75 4.0",
                        "1.0 0.0",
                        "cell 1 is 1");
    }

    @Test
    void aSecondRunDoesOnlyWhatIsMissing() throws IOException {
        run(CountingStudy.of(2));
        told.clear();
        run(CountingStudy.of(4));
        assertThat(told).filteredOn(line -> line.startsWith("cell")).containsExactly("cell 2 is 4", "cell 3 is 9");
        assertThat(finished()).hasSize(4);
        told.clear();
        run(CountingStudy.of(4));
        assertThat(told).isEmpty();
    }

    @Test
    void aRunThatIsAskedToStopKeepsWhatIsFinished() throws IOException {
        CountingStudy study = new CountingStudy(6, 2, Map.of(), "", number -> {});
        AtomicInteger asked = new AtomicInteger();
        try (StudyFolder<Square> store = StudyFolder.open(folder, study, CountingStudy.RUN)) {
            StudyRun<Integer, Square> run = new StudyRun<>(study, store, CountingStudy.RUN);
            assertThat(run.run(new Heard(), () -> asked.incrementAndGet() > 10)).isFalse();
            assertThat(run.missing()).extracting(PlannedCell::key).containsExactly(3, 4, 5);
        }
        assertThat(finished()).hasSize(3);
        run(study);
        assertThat(finished()).hasSize(6);
    }

    @Test
    void aFailureKeepsWhatIsFinishedAndLetsOthersIn() throws IOException {
        CountingStudy study = CountingStudy.of(3);
        assertThatThrownBy(() -> {
                    try (StudyFolder<Square> store = StudyFolder.open(folder, study, CountingStudy.RUN)) {
                        new StudyRun<>(study, store, CountingStudy.RUN).run(new Heard(), () -> {
                            if (told.contains("cell 1 is 1")) {
                                throw new IllegalStateException("power cut");
                            }
                            return false;
                        });
                    }
                })
                .hasMessage("power cut");
        assertThat(finished()).hasSize(2);
        run(study);
        assertThat(finished()).hasSize(3);
    }

    private void run(CountingStudy study) throws IOException {
        try (StudyFolder<Square> store = StudyFolder.open(folder, study, CountingStudy.RUN)) {
            new StudyRun<>(study, store, CountingStudy.RUN).run(new Heard(), () -> false);
        }
    }

    /** Half of cell 0 takes 3 s, half of cell 1 takes 4 s, and the other halves no time. */
    private CountingStudy clocked() {
        return new CountingStudy(2, 1, Map.of(), "", number -> now += (3 + number) * SECOND);
    }
}
