package resonance.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.AdaptiveStudy;
import resonance.study.CellSpecification;
import resonance.study.Job;
import resonance.study.JobContext;
import resonance.study.OpenedStudy;
import resonance.study.PlannedCell;
import resonance.study.Provenance;
import resonance.study.Study;
import resonance.study.StudyFolder;
import resonance.study.StudyListener;
import resonance.study.StudyRecipe;

/** Jobs of a study whose cells do what a test asks for, in this process. */
class SparkRunnerTest {
    private static final Provenance RUN = new Provenance(
            "1.0", "abc", "17", "2.10", "Linux", "a CPU", 2, "2026-01-02T03:04:05Z", "./resonance count");

    private final Path folder;
    private final List<String> notes = new ArrayList<>();
    private final List<Integer> finished = new ArrayList<>();

    SparkRunnerTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private record Plan(int size) {}

    private record Counted(int number) {}

    private interface Work {
        void run(JobContext<Integer, Counted> context) throws IOException;
    }

    private record Asked(PlannedCell<Integer> cell, Work work) implements Job<Integer, Counted> {
        @Override
        public List<PlannedCell<Integer>> cells() {
            return List.of(cell);
        }

        @Override
        public void plan(Workload workload) {
            workload.add(0, 1);
        }

        @Override
        public void run(JobContext<Integer, Counted> context) throws IOException {
            work.run(context);
            context.finished(cell, new Counted(cell.key()));
        }
    }

    private record Works(List<Work> works) implements Study<Integer, Counted> {
        @Override
        public String kind() {
            return "works";
        }

        @Override
        public Plan plan() {
            return new Plan(works.size());
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public List<PlannedCell<Integer>> cells() {
            return IntStream.range(0, works.size())
                    .mapToObj(SparkRunnerTest::cell)
                    .toList();
        }

        @Override
        public List<Job<Integer, Counted>> jobs(List<PlannedCell<Integer>> missing) {
            return missing.stream()
                    .<Job<Integer, Counted>>map(cell -> new Asked(cell, works.get(cell.key())))
                    .toList();
        }

        @Override
        public Class<Counted> resultType() {
            return Counted.class;
        }
    }

    private static PlannedCell<Integer> cell(int number) {
        return new PlannedCell<>(
                number, "n/" + number, new CellSpecification("works", Map.of("number", String.valueOf(number))));
    }

    /** Cells come in pairs, each pair once the one before is finished; told one after the other. */
    private record Pairs(Works all) implements AdaptiveStudy<Integer, Counted> {
        @Override
        public List<PlannedCell<Integer>> next(List<Counted> results) {
            return all.cells().stream().skip(results.size()).limit(1).toList();
        }

        @Override
        public List<PlannedCell<Integer>> wave(List<Counted> results) {
            return all.cells().stream()
                    .skip(results.size())
                    .limit(2 - results.size() % 2)
                    .toList();
        }

        @Override
        public String kind() {
            return all.kind();
        }

        @Override
        public Plan plan() {
            return all.plan();
        }

        @Override
        public Map<String, String> settings() {
            return all.settings();
        }

        @Override
        public List<Job<Integer, Counted>> jobs(List<PlannedCell<Integer>> missing) {
            return all.jobs(missing);
        }

        @Override
        public Class<Counted> resultType() {
            return Counted.class;
        }
    }

    /** Tasks in this process find the study open. */
    private record NeverOpened() implements StudyRecipe {
        private static final long serialVersionUID = 1L;

        @Override
        public OpenedStudy<?, ?> open() {
            throw new IllegalStateException("the study must be open already");
        }
    }

    private final class Heard implements StudyListener<Integer, Counted> {
        @Override
        public void jobStarted(String name, List<Integer> cells) {}

        @Override
        public void noted(String text, boolean alsoOnTerminal) {
            notes.add(text);
        }

        @Override
        public void advanced(Progress progress) {}

        @Override
        public void cellFinished(Integer key, Counted result) {
            finished.add(key);
        }
    }

    private boolean run(Work... works) throws IOException {
        return run(new Works(List.of(works)));
    }

    private boolean run(Study<Integer, Counted> study) throws IOException {
        try (StudyFolder<Counted> kept = StudyFolder.open(folder, study, RUN)) {
            return new SparkRunner(SparkMaster.of("local[2]", 1), 1, false)
                    .run(new OpenedStudy<>(study, RUN, () -> {}), new NeverOpened(), kept, new Heard(), () -> false);
        }
    }

    private static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Test
    void whatAJobSaysLastIsToldToo() throws IOException {
        assertThat(run(context -> context.note("said last", true))).isTrue();
        assertThat(notes).containsExactly("0: said last");
        assertThat(finished).containsExactly(0);
    }

    /** The process that plans looked before any job began. */
    @Test
    void aRecordThatIsDamagedBeforeItsJobBeginsIsKeptAsideMadeAgainAndTold() throws IOException {
        Path[] record = new Path[1];
        CountDownLatch damaged = new CountDownLatch(1);
        Work damaging = context -> {
            record[0] = folder.resolve("cells").resolve(cell(2).fileName() + ".json");
            Files.writeString(record[0], "{");
            damaged.countDown();
        };
        // Two at a time: the third begins once one of the first two has ended.
        assertThat(run(damaging, context -> await(damaged), context -> {})).isTrue();
        assertThat(notes)
                .containsExactly("2: " + record[0]
                        + " must be as it was written, but it is no JSON from line 1 on; it is kept as "
                        + record[0].getFileName() + ".damaged and the cell is made again");
        assertThat(record[0].resolveSibling(record[0].getFileName() + ".damaged"))
                .hasContent("{");
        assertThat(finished).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void whatDoesNotHangOnAMissingResultIsDoneAtOneTimeAndTheRestAfterIt() throws IOException {
        CountDownLatch both = new CountDownLatch(2);
        Work together = context -> {
            both.countDown();
            await(both);
        };
        Work after = context -> assertThat(both.getCount()).isZero();
        assertThat(run(new Pairs(new Works(List.of(together, together, after, after)))))
                .isTrue();
        assertThat(finished).hasSize(4);
        assertThat(finished.subList(0, 2)).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aJobOnAGpuAsksForOneAndItsProcessToo() {
        SparkConf cpu = new SparkRunner(SparkMaster.of("spark://host:7077", 2), 2, false).settings("a");
        assertThat(cpu.getAllWithPrefix("spark.task.resource.")).isEmpty();
        SparkConf gpu = new SparkRunner(SparkMaster.of("spark://host:7077", 2), 2, true).settings("a");
        assertThat(gpu.get("spark.task.resource.gpu.amount")).isEqualTo("1");
        assertThat(gpu.get("spark.executor.resource.gpu.amount")).isEqualTo("1");
        assertThat(gpu.get("spark.task.cpus")).isEqualTo("2");
    }

    @Test
    void inThisProcessThereAreNoGpusToGiveOut() {
        assertThatThrownBy(() -> new SparkRunnerProvider().at("local[2]", 1, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--spark must be a cluster with --device cuda, since Spark gives out GPUs of a cluster's workers"
                                + " only, was local[2]; leave --spark out");
    }

    @Test
    void aJobThatFailsEndsTheOthersAndIsToldOnceTheyHaveEnded() {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Work failing = context -> {
            await(begun);
            throw new IOException("broken");
        };
        Work other = context -> {
            begun.countDown();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!context.stopRequested() && System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2)); // as one that saves its state
            ended.set(context.stopRequested());
            throw new Job.JobStopped();
        };
        assertThatThrownBy(() -> run(failing, other))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
        assertThat(ended).isTrue();
        assertThat(finished).isEmpty();
    }
}
