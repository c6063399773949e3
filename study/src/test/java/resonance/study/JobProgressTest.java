package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.study.CountingStudy.Square;

class JobProgressTest {
    private static final double WORK = 8;

    private final Path folder;
    private final List<Double> fractions = new ArrayList<>();
    private final List<Square> finished = new ArrayList<>();

    JobProgressTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** A counting study whose work on every cell tells the fractions as they are. */
    private record Telling(CountingStudy counting, List<Double> told) implements Study<Integer, Square> {
        @Override
        public String kind() {
            return counting.kind();
        }

        @Override
        public Object plan() {
            return counting.plan();
        }

        @Override
        public Map<String, String> settings() {
            return counting.settings();
        }

        @Override
        public Map<String, String> identity() {
            return counting.identity();
        }

        @Override
        public List<PlannedCell<Integer>> cells() {
            return counting.cells();
        }

        @Override
        public List<Job<Integer, Square>> jobs(List<PlannedCell<Integer>> missing) {
            return missing.stream().map(this::job).toList();
        }

        @Override
        public Class<Square> resultType() {
            return Square.class;
        }

        private Job<Integer, Square> job(PlannedCell<Integer> cell) {
            return new Job<>() {
                @Override
                public List<PlannedCell<Integer>> cells() {
                    return List.of(cell);
                }

                @Override
                public void plan(Workload workload) {
                    workload.add(1, WORK);
                }

                @Override
                public void run(JobContext<Integer, Square> context) throws IOException {
                    Square result = context.pass(1, WORK, progress -> {
                        told.forEach(progress::accept);
                        return new Square(cell.key(), 0);
                    });
                    context.finished(cell, result);
                }
            };
        }
    }

    private boolean run(int cells, BooleanSupplier stop, double... told) throws IOException {
        Telling study = new Telling(
                CountingStudy.of(cells), DoubleStream.of(told).boxed().toList());
        StudyListener<Integer, Square> listener = new StudyListener<>() {
            @Override
            public void jobStarted(String name, List<Integer> started) {}

            @Override
            public void noted(String text, boolean alsoOnTerminal) {}

            @Override
            public void advanced(Progress progress) {
                fractions.add(progress.fraction());
            }

            @Override
            public void cellFinished(Integer cell, Square result) {
                finished.add(result);
            }
        };
        try (StudyFolder<Square> store = StudyFolder.open(folder, study, CountingStudy.RUN)) {
            return new StudyRun<>(study, store, CountingStudy.RUN).run(listener, stop);
        }
    }

    @Test
    void theFractionOfARunIsThatOfAllItsWork() throws IOException {
        assertThat(run(2, () -> false, 0.25, 0.5)).isTrue();
        assertThat(fractions).containsExactly(0.0, 0.125, 0.25, 0.5, 0.5, 0.625, 0.75, 1.0);
    }

    @Test
    void workThatTellsNothingIsDoneAtItsEnd() throws IOException {
        run(2, () -> false);
        assertThat(fractions).containsExactly(0.0, 0.5, 0.5, 1.0);
    }

    @Test
    void aStepBackIsNoWork() throws IOException {
        run(1, () -> false, 0.5, 0.25, 0.5, -3, 0.75);
        assertThat(fractions).containsExactly(0.0, 0.5, 0.5, 0.5, 0.5, 0.75, 1.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void progressStaysBelowOneAndNeverGoesBackWhateverTheWorkTells(long seed) throws IOException {
        double[] nonsense =
                new Random(seed).doubles(50).map(value -> 4 * value - 1.5).toArray();
        assertThat(run(3, () -> false, nonsense)).as("seed %d", seed).isTrue();
        assertThat(fractions)
                .as("seed %d", seed)
                .hasSize(3 * 52)
                .isSorted()
                .allSatisfy(fraction -> assertThat(fraction).isBetween(0.0, 1.0));
        assertThat(fractions.get(fractions.size() - 1)).isEqualTo(1);
        assertThat(finished).hasSize(3);
    }

    @Test
    void aRequestToStopEndsTheWorkWhereItNextTellsOfIt() throws IOException {
        assertThat(run(2, () -> fractions.contains(0.75), 0.5, 0.75)).isFalse();
        assertThat(fractions).containsExactly(0.0, 0.25, 0.375, 0.5, 0.5, 0.75);
        assertThat(finished).containsExactly(new Square(0, 0));
    }
}
