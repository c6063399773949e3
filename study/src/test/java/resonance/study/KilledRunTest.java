package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Square;

/** Kills a process that runs a study, at drawn moments, until nothing is left to do; {@code scripts/survival --kills} does so with commands. */
class KilledRunTest {
    private static final int CELLS = 200;
    private static final int KILLS = 5;
    private static final long SEED = 14;
    private static final long LIMIT_SECONDS = 300;

    private final Path parent;

    KilledRunTest(@TempDir Path parent) {
        this.parent = parent;
    }

    @Test
    void aRunThatIsKilledAgainAndAgainLeavesWhatOneLeavesThatWasNot() throws Exception {
        Path whole = parent.resolve("whole");
        Runner.main(new String[] {whole.toString()});
        Path out = parent.resolve("killed");
        Random random = new Random(SEED);
        for (int kill = 1; kill <= KILLS; kill++) {
            Map<String, Object> before = recordsWithTheirFiles(out);
            // A share of all cells for each kill, so that every one finds work; then a moment somewhere in a cell.
            int reached = before.size() + random.nextInt(CELLS / (2 * KILLS));
            Process process = StudyProcess.start(Runner.class, out.toString());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            while (process.isAlive() && records(out).size() <= reached) {
                assertThat(System.nanoTime()).as("time of kill " + kill).isLessThan(end);
                LockSupport.parkNanos(100_000);
            }
            LockSupport.parkNanos(random.nextInt(8_000_000));
            assertThat(process.isAlive())
                    .as("kill %d of seed %d: %s", kill, SEED, StudyProcess.said(process))
                    .isTrue();
            process.destroyForcibly();
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(recordsWithTheirFiles(out))
                    .as("what kill %d of seed %d found finished", kill, SEED)
                    .containsAllEntriesOf(before);
        }
        Map<String, Object> kept = recordsWithTheirFiles(out);
        Process last = StudyProcess.start(Runner.class, out.toString());
        assertThat(last.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).as(StudyProcess.said(last)).isZero();
        assertThat(recordsWithTheirFiles(out)).hasSize(CELLS).containsAllEntriesOf(kept);
        assertThat(files(out)).isEqualTo(files(whole));
    }

    /** Every finished cell with what tells its file from one that was written again. */
    private static Map<String, Object> recordsWithTheirFiles(Path study) throws IOException {
        Map<String, Object> records = new TreeMap<>();
        for (Path file : records(study)) {
            records.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
        }
        return records;
    }

    private static List<Path> records(Path study) throws IOException {
        Path cells = study.resolve("cells");
        if (!Files.isDirectory(cells)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cells)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    /** All there is in a folder, byte for byte: the runs here have one date. */
    private static Map<String, String> files(Path study) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(study)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(study.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }

    /** Runs the study that is killed: four cells a job, and five milliseconds a cell. */
    static final class Runner {
        private Runner() {}

        public static void main(String[] arguments) throws IOException {
            CountingStudy study = new CountingStudy(CELLS, 4, Map.of(), "", number -> LockSupport.parkNanos(5_000_000));
            try (StudyFolder<Square> folder = StudyFolder.open(Path.of(arguments[0]), study, CountingStudy.RUN)) {
                new StudyRun<>(study, folder, CountingStudy.RUN).run(new Silent(), () -> false);
            }
        }
    }

    private static final class Silent implements StudyListener<Integer, Square> {
        @Override
        public void jobStarted(String name, List<Integer> cells) {}

        @Override
        public void noted(String text, boolean alsoOnTerminal) {}

        @Override
        public void advanced(Progress progress) {}

        @Override
        public void cellFinished(Integer key, Square result) {}
    }
}
