package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.comparison.ComparisonReport;

/** Stops a real process in the middle of a cell, continues it, and expects the bits of a run that was never stopped. */
class StoppedComparisonTest {
    private static final String RUN =
            "posgen compare --d-model 32 --layers 1 --heads 1 --head-size 32 --feed-forward 64"
                    + " --train 200 --validation 5 --test 10 --train-length 16 --test-length 32 --epochs 60 --batch 20 --dropout 0.1"
                    + " --threads 2 --encodings rope,resonance-rope --seeds 1";

    private static final String SHORT =
            "posgen compare --d-model 16 --layers 1 --heads 1 --head-size 8 --feed-forward 32"
                    + " --train 200 --validation 5 --test 10 --train-length 16 --test-length 32 --epochs 20 --batch 20"
                    + " --threads 1 --precision float32 --encodings rope,yarn --seeds 1,2 --scaling-phase training"
                    + " --checkpoint-every 0";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aStoppedRunEndsWithTheBitsOfOneThatWasNot() throws IOException, InterruptedException {
        assertThat(CommandRun.of(RUN + " --out " + folder.resolve("whole")).exitCode())
                .isZero();

        Path out = folder.resolve("stopped");
        String command = RUN + " --checkpoint-every 0.01 --out " + out;
        Path err = folder.resolve("terminated.txt");
        Process terminated = CliProcess.start(command, err);
        CliProcess.await(terminated, () -> hasCheckpoint(out));
        terminated.destroy();
        assertThat(terminated.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(terminated.exitValue()).as(Files.readString(err)).isEqualTo(CliProcess.TERMINATED);
        assertThat(err)
                .content()
                .contains("Stopping ...")
                .endsWith("Stopped; everything done is kept in " + out + ". To continue: ./resonance " + command
                        + System.lineSeparator());

        Path killedErr = folder.resolve("killed.txt");
        Process killed = CliProcess.start(command, killedErr);
        CliProcess.await(killed, () -> Files.readString(killedErr).contains(": continues after step "));
        Thread.sleep(100);
        killed.destroyForcibly();
        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).as(Files.readString(killedErr)).isEqualTo(CliProcess.KILLED);

        CommandRun continued = CommandRun.of(command);
        assertThat(continued.exitCode()).as(continued.err()).isZero();
        assertThat(parameters(out)).isEqualTo(parameters(folder.resolve("whole")));
    }

    /** A checkpoint is written after every step, so that kills come in the middle of that too; {@code scripts/survival} has many. */
    @Test
    void aRunThatIsKilledAtDrawnMomentsLeavesTheRecordsOfOneThatWasNot() throws IOException, InterruptedException {
        Path whole = folder.resolve("undisturbed");
        assertThat(CommandRun.of(SHORT + " --out " + whole).exitCode()).isZero();
        Path out = folder.resolve("killed");
        Path err = folder.resolve("killed.txt");
        Random random = new Random(14);
        for (int kill = 1; kill <= 3; kill++) {
            Process process = CliProcess.start(SHORT + " --out " + out, err);
            int cells = kill / 2;
            CliProcess.await(
                    process, () -> hasCheckpoint(out) && MeasuredRecords.of(out).size() >= cells);
            Thread.sleep(random.nextInt(100));
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("kill " + kill).isEqualTo(CliProcess.KILLED);
        }
        CommandRun last = CommandRun.of(SHORT + " --out " + out);
        assertThat(last.exitCode()).as(last.err()).isZero();
        assertThat(last.err()).doesNotContain(".damaged");
        assertThat(MeasuredRecords.of(out)).hasSize(4).isEqualTo(MeasuredRecords.of(whole));
        try (Stream<Path> left = Files.list(out.resolve("checkpoints"))) {
            assertThat(left).isEmpty();
        }
    }

    private static boolean hasCheckpoint(Path out) throws IOException {
        Path checkpoints = out.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.anyMatch(file -> file.toString().endsWith(".ckpt"));
        }
    }

    private static Map<CellKey, String> parameters(Path out) throws IOException {
        return ComparisonReport.read(out).comparison().cells().stream()
                .collect(Collectors.toMap(ComparisonCell::key, ComparisonCell::parametersHash));
    }
}
