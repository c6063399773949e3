package resonance.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.cli.ResonanceCli;
import resonance.study.StudyPlace;

/** Commands whose results go to a real HDFS; {@code scripts/spark-cluster --hdfs} does so on a cluster. */
class StudyOnHdfsTest {
    private static final String SHORT = "posgen compare --encodings rope,yarn --seeds 1,2 --train-length 16"
            + " --test-length 32 --train 60 --validation 5 --test 10 --d-model 16 --layers 1 --heads 1 --head-size 8"
            + " --feed-forward 32 --epochs 2 --batch 20 --threads 1 --precision float32";

    /** Of some seconds, so that it is at work when something happens to it. */
    private static final String LONG = SHORT.replace("--seeds 1,2", "--seeds 1,2,3,4,5,6,7,8")
            .replace("--train 60", "--train 400")
            .replace("--epochs 2", "--epochs 20 --checkpoint-every 1");

    private static final int LONG_CELLS = 16;
    private static final long LIMIT_SECONDS = 240;

    private final Path here;
    private final Path out = StudyPlace.of(Hdfs.newPlace());

    StudyOnHdfsTest(@TempDir Path here) {
        this.here = here;
    }

    private record Run(int exitCode, String out, String err) {}

    private static Run run(String command, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = Stream.concat(Stream.of(command.split(" ", -1)), Stream.of(more))
                .toArray(String[]::new);
        int exitCode = ResonanceCli.execute(new PrintWriter(out), new PrintWriter(err), words);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private Process start(String command, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ResonanceCli.class.getName()));
        words.addAll(List.of(command.split(" ", -1)));
        words.addAll(List.of(more));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(here.resolve("log").toFile())
                .start();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(Process process, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.holds()) {
            assertThat(process.isAlive()).as("the run goes on: %s", log()).isTrue();
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    private String log() throws IOException {
        return Files.readString(here.resolve("log"));
    }

    private static Map<String, Path> cells(Path study) throws IOException {
        Map<String, Path> cells = new TreeMap<>();
        if (Files.isDirectory(study.resolve("cells"))) {
            try (Stream<Path> files = Files.list(study.resolve("cells"))) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (!name.startsWith(".")) {
                        cells.put(name, file);
                    }
                }
            }
        }
        return cells;
    }

    /** Records but for times and machines. */
    private static Map<String, String> records(Path study) throws IOException {
        Map<String, String> records = new TreeMap<>();
        for (Map.Entry<String, Path> cell : cells(study).entrySet()) {
            records.put(
                    cell.getKey(),
                    Files.readString(cell.getValue())
                            .replaceFirst("\"sha256\" : .*?\n", "")
                            .replaceFirst("(?s)\"madeBy\" : \\{.*?\\}", "")
                            .replaceAll("\"(\\w*[sS]econds?|\\w+PerSecond)\" : [^,\n]*", ""));
        }
        return records;
    }

    /** Every finished cell with when it was written. */
    private static Map<String, Object> written(Path study) throws IOException {
        Map<String, Object> written = new TreeMap<>();
        for (Map.Entry<String, Path> cell : cells(study).entrySet()) {
            written.put(cell.getKey(), Files.getLastModifiedTime(cell.getValue()));
        }
        return written;
    }

    @Test
    void aStudyLeavesTheRecordsThatItLeavesHereAndIsReportedAndGoneOnWith() throws IOException {
        Path plain = here.resolve("plain");
        assertThat(run(SHORT, "--out", plain.toString()).exitCode()).isZero();
        Run far = run(SHORT, "--out", out.toString());
        assertThat(far.exitCode()).as(far.err()).isZero();
        assertThat(far.err()).contains("0 of 4 cells are finished in " + out + "; running 4");
        assertThat(far.out()).contains("Report: " + out + "/report.html");
        assertThat(records(out)).hasSize(4).isEqualTo(records(plain));
        Map<String, Object> before = written(out);

        Run again = run(SHORT, "--out", out.toString());
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err()).contains("All 4 cells are finished in " + out + "; nothing to run.");

        Path damaged = cells(out).values().iterator().next();
        Files.writeString(damaged, Files.readString(damaged).replace("rope", "r0pe"));
        Run shown = run("report " + out);
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.err()).contains("Note: " + damaged + " must be as it was written");
        Run mended = run(SHORT, "--out", out.toString());
        assertThat(mended.exitCode()).as(mended.err()).isZero();
        assertThat(mended.err())
                .contains("it is kept as " + damaged.getFileName() + ".damaged and the cell is made again");
        assertThat(records(out)).containsAllEntriesOf(records(plain)).hasSize(5);
        before.remove(damaged.getFileName().toString());
        assertThat(written(out)).containsAllEntriesOf(before);

        Run beside = run("report here=" + plain + " there=" + out + " --json");
        assertThat(beside.exitCode()).as(beside.err()).isZero();
    }

    @Test
    void aSecondCommandIsRefusedAndAKilledOnesFolderIsTakenOver() throws Exception {
        Process first = start(LONG, "--out", out.toString());
        await(first, () -> !cells(out).isEmpty());
        Run second = run(LONG, "--out", out.toString());
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err())
                .contains("Waiting up to 30 s for process " + first.pid() + " on ")
                .contains("output " + out + " must be free, process " + first.pid() + " on ");
        Run shown = run("report " + out);
        assertThat(shown.exitCode()).as(shown.err()).isZero();

        first.destroyForcibly();
        assertThat(first.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        Map<String, Object> before = written(out);
        assertThat(before).as(log()).isNotEmpty().hasSizeLessThan(LONG_CELLS);
        long begun = System.nanoTime();
        Run third = run(LONG, "--out", out.toString());
        assertThat(third.exitCode()).as(third.err()).isZero();
        assertThat(third.err()).contains("Waiting up to 30 s for process " + first.pid() + " on ");
        assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.SECONDS.toNanos(15));
        assertThat(written(out)).hasSize(LONG_CELLS).containsAllEntriesOf(before);
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "study.json",
                            "cells",
                            "checkpoints",
                            "report.html",
                            "comparison.json",
                            ".resonance-files.json");
        }
    }

    @Test
    void aCommandWhoseFolderSomebodyRemovedEndsInOneError() throws Exception {
        Process command = start(LONG, "--out", out.toString());
        await(command, () -> !cells(out).isEmpty());
        Files.move(out, out.resolveSibling(out.getFileName() + "-elsewhere"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(command.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(command.exitValue()).as(log()).isEqualTo(1);
        assertThat(log().lines().reduce((first, last) -> last).orElse(""))
                .contains(out.toString())
                .contains("must ");
    }

    @Test
    void aStudysFileMayNameAStore() throws IOException {
        Path file = Files.writeString(here.resolve("study.yaml"), """
                        name: far
                        out: %s
                        parts:
                          short:
                            command: posgen compare
                            encodings: [rope, yarn]
                            seeds: 1
                            train-length: 16
                            test-length: 32
                            train: 60
                            validation: 5
                            test: 10
                            d-model: 16
                            layers: 1
                            heads: 1
                            head-size: 8
                            feed-forward: 32
                            epochs: 2
                            batch: 20
                            threads: 1
                            precision: float32
                        """.formatted(out));
        Run done = run("study run " + file);
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(cells(out.resolve("short"))).hasSize(2);
        Run status = run("study status " + out);
        assertThat(status.exitCode()).as(status.err()).isZero();
        assertThat(status.out()).contains("short: 2 of 2 cells");
        Run shown = run("study show " + out);
        assertThat(shown.out()).contains("--out " + out + "/short");
        Run report = run("study report " + out);
        assertThat(report.exitCode()).as(report.err()).isZero();
    }

    @Test
    void aStoreThatDoesNotAnswerIsSaidSo() throws IOException {
        int nobodys;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobodys = free.getLocalPort();
        }
        System.setProperty("spark.hadoop.ipc.client.connect.max.retries", "0");
        try {
            String place = "hdfs://127.0.0.1:" + nobodys + "/runs";
            Run refused = run(SHORT, "--out", place);
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err())
                    .startsWith("--out must be a folder that can be written, was " + place
                            + ", where the store did not answer: ")
                    .contains("Connection refused")
                    .hasLineCount(1);
            Run unread = run("report " + place);
            assertThat(unread.exitCode()).isEqualTo(1);
            assertThat(unread.err())
                    .startsWith("failed: " + place)
                    .contains("Connection refused")
                    .hasLineCount(1);
        } finally {
            System.clearProperty("spark.hadoop.ipc.client.connect.max.retries");
        }
    }
}
