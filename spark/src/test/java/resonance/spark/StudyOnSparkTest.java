package resonance.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.cli.ResonanceCli;

/** Commands whose cells are computed by Spark in this process; {@code scripts/spark-cluster} does the same on a cluster. */
class StudyOnSparkTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What of a record is a time, or follows from one. */
    private static final List<String> OF_TIME = List.of("madeBy", "sha256");

    private static final String POSGEN =
            "posgen compare --encodings rope,resonance-rope,yarn --seeds 1,2 --train-length 16"
                    + " --test-length 32 --train 60 --validation 5 --test 10 --d-model 16 --layers 1 --heads 1 --head-size 8"
                    + " --feed-forward 32 --epochs 2 --batch 20 --threads 1 --precision float32";

    private final Path folder;

    StudyOnSparkTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeAll
    static void findWhatShips() {
        System.setProperty(
                "resonance.home", Path.of("..").toAbsolutePath().normalize().toString());
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

    private static Map<String, JsonNode> records(Path study) throws IOException {
        Map<String, JsonNode> records = new TreeMap<>();
        try (Stream<Path> cells = Files.list(study.resolve("cells"))) {
            for (Path cell :
                    cells.filter(file -> file.toString().endsWith(".json")).toList()) {
                JsonNode record = JSON.readTree(cell.toFile());
                removeTimes(record);
                records.put(cell.getFileName().toString(), record);
            }
        }
        return records;
    }

    private static void removeTimes(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(OF_TIME);
            List<String> times = Stream.of("Seconds", "seconds", "PerSecond")
                    .flatMap(ending ->
                            object.properties().stream().map(Map.Entry::getKey).filter(name -> name.endsWith(ending)))
                    .toList();
            object.remove(times);
            object.forEach(StudyOnSparkTest::removeTimes);
        } else if (node instanceof ArrayNode array) {
            array.forEach(StudyOnSparkTest::removeTimes);
        }
    }

    private void recordsAreThoseOfThePlainRun(String command, int cells) throws IOException {
        Path plain = folder.resolve("plain");
        Path spark = folder.resolve("spark");
        assertThat(run(command, "--out", plain.toString()).exitCode()).isZero();
        Run sent = run(command, "--out", spark.toString(), "--spark", "local[2]");
        assertThat(sent.err()).contains("0 of " + cells + " cells are finished in " + spark + "; running " + cells);
        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(records(spark)).hasSize(cells).isEqualTo(records(plain));
    }

    @Test
    void trainingsLeaveTheRecordsOfThePlainRunAndAreSharedByCells() throws IOException {
        recordsAreThoseOfThePlainRun(POSGEN, 6);
    }

    @Test
    void perplexitiesOfTheModelThatShipsAreThoseOfThePlainRun() throws IOException {
        recordsAreThoseOfThePlainRun(
                "perplexity --lengths 64,128 --tokens 256 --compare none,resonance-yarn --precision float32 --threads 2",
                4);
    }

    /** Its proposals follow from results, and those of a generation are measured at one time. */
    @Test
    void aSearchTakesTheSameWayAsThePlainOne() throws IOException {
        String command = "search --length 512 --evaluations 8 --tokens 1024 --precision float32 --threads 1 --json";
        Path plain = folder.resolve("plain");
        Path spark = folder.resolve("spark");
        Run here = run(command, "--study", plain.toString());
        assertThat(here.exitCode()).as(here.err()).isZero();
        Run sent = run(command, "--study", spark.toString(), "--spark", "local[2]");
        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(records(spark)).hasSizeGreaterThan(20).isEqualTo(records(plain));
        assertThat(evaluations(sent)).hasSizeGreaterThan(8).isEqualTo(evaluations(here));
    }

    private static JsonNode evaluations(Run search) throws IOException {
        JsonNode evaluations = JSON.readTree(search.out()).path("evaluations");
        removeTimes(evaluations);
        return evaluations;
    }

    @Test
    void whatIsFinishedIsNotMadeAgain() throws IOException {
        String command = "passkey --lengths 128 --depths 2 --trials 1 --compare none --precision float32 --threads 1";
        Path study = folder.resolve("study");
        assertThat(run(command, "--out", study.toString()).exitCode()).isZero();
        Map<String, JsonNode> before = records(study);
        Run more = run(command.replace("none", "none,yarn"), "--out", study.toString(), "--spark", "local[2]");
        assertThat(more.exitCode()).as(more.err()).isZero();
        assertThat(more.err()).contains("2 of 4 cells are finished in " + study + "; running 2");
        assertThat(records(study)).hasSize(4).containsAllEntriesOf(before);
    }

    /** A worker alone sees the state of a training. */
    @Test
    void aDamagedRecordAndADamagedCheckpointAreSetAsideToldAndMadeAgain() throws IOException {
        Path study = folder.resolve("study");
        String command = POSGEN + " --seeds 1 --out " + study;
        assertThat(run(command.replace(" --seeds 1,2", "")).exitCode()).isZero();
        Map<String, JsonNode> before = records(study);
        List<Path> cells = List.copyOf(files(study.resolve("cells")));
        for (Path cell : cells) {
            String name = cell.getFileName().toString().replace(".json", ".ckpt");
            Files.writeString(study.resolve("checkpoints").resolve(name), "RSNCKPT2 and a part");
        }
        byte[] record = Files.readAllBytes(cells.get(0));
        record[record.length / 2] ^= 1;
        Files.write(cells.get(0), record);
        Files.delete(cells.get(1));
        Files.delete(cells.get(2));
        Run again = run(command.replace(" --seeds 1,2", ""), "--spark", "local[2]");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err())
                .contains(
                        cells.get(0).getFileName() + ".damaged and the cell is made again",
                        ".ckpt: header length must fit the file, was ",
                        ".ckpt.damaged and training begins anew");
        assertThat(records(study)).isEqualTo(before);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatAJobRefusesToDoIsSaidAsInAPlainRun() throws IOException {
        String diverging =
                POSGEN.replace("--seeds 1,2", "--seeds 1") + " --dropout 0 --learning-rate 1e6 --epochs 40 --out ";
        Run plain = run((diverging + folder.resolve("plain")).replace(" --epochs 2 ", " "));
        Run sent = run((diverging + folder.resolve("spark") + " --spark local[2]").replace(" --epochs 2 ", " "));
        assertThat(plain.exitCode()).isEqualTo(1);
        assertThat(sent.exitCode()).isEqualTo(1);
        assertThat(failures(sent)).hasSize(1).isEqualTo(failures(plain));
    }

    private static List<String> failures(Run run) {
        return run.err().lines().filter(line -> line.startsWith("failed: ")).toList();
    }
}
