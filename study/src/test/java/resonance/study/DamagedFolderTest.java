package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Plan;
import resonance.study.CountingStudy.Square;

/** What a study's folder is worth after a power cut, beside other studies and under the eyes of readers. */
class DamagedFolderTest {
    private static final CountingStudy STUDY = CountingStudy.of(3);
    private static final CountingStudy OTHER = STUDY.with(Map.of(), "other");

    private final Path folder;

    DamagedFolderTest(@TempDir Path parent) {
        this.folder = parent.resolve("out");
    }

    private StudyFolder<Square> open(CountingStudy study) throws IOException {
        return StudyFolder.open(folder, study, CountingStudy.RUN);
    }

    private static void keep(StudyFolder<Square> store, CountingStudy study, int number, int square)
            throws IOException {
        PlannedCell<Integer> cell = study.cell(number);
        Square result = new Square(number, square);
        store.keep(cell, new FinishedCell<>(cell.specification(), CountingStudy.RUN, result));
    }

    private static Square result(StudyFolder<Square> store, PlannedCell<Integer> cell) throws IOException {
        return store.find(cell).orElseThrow().result();
    }

    private Path file(PlannedCell<Integer> cell) {
        return folder.resolve("cells").resolve(cell.fileName() + ".json");
    }

    private StudyRecords<Plan, Square> records() throws IOException {
        return StudyRecords.read(folder, Plan.class, Square.class);
    }

    @Test
    void aCellCutAnywhereIsRefusedByTheNameOfItsFile() throws IOException {
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 1, 1);
            Path file = file(STUDY.cell(1));
            byte[] whole = Files.readAllBytes(file);
            int end = Files.readString(file).lastIndexOf('}'); // ASCII, so that characters are bytes
            for (int cut = 0; cut <= end; cut += 37) {
                Files.write(file, Arrays.copyOf(whole, cut));
                assertThatThrownBy(() -> store.find(STUDY.cell(1)))
                        .as("cut at byte %d", cut)
                        .isInstanceOf(RecordFormatException.class)
                        .hasMessageStartingWith(file.toString());
                assertThatThrownBy(this::records)
                        .as("cut at byte %d", cut)
                        .isInstanceOf(RecordFormatException.class)
                        .hasMessageStartingWith(file.toString());
            }
            Files.write(file, whole);
            assertThat(result(store, STUDY.cell(1))).isEqualTo(new Square(1, 1));
        }
    }

    @Test
    void aDescriptionCutAnywhereIsRefusedByTheNameOfItsFileAndNotOverwritten() throws IOException {
        open(STUDY).close();
        Path file = folder.resolve("study.json");
        byte[] whole = Files.readAllBytes(file);
        int end = Files.readString(file).lastIndexOf('}');
        for (int cut = 0; cut <= end; cut += 37) {
            byte[] part = Arrays.copyOf(whole, cut);
            Files.write(file, part);
            assertThatThrownBy(this::records)
                    .as("cut at byte %d", cut)
                    .isInstanceOf(RecordFormatException.class)
                    .hasMessageStartingWith(file.toString());
            assertThatThrownBy(() -> open(STUDY))
                    .as("cut at byte %d", cut)
                    .isInstanceOf(UnfitFolderException.class)
                    .hasMessageStartingWith(file + " must be a study's description, is not readable as such: ")
                    .hasMessageEndingWith("; choose another output folder");
            assertThat(file).hasBinaryContent(part);
        }
    }

    @Test
    void aDamagedCellKeptAgainIsWhole() throws IOException {
        try (StudyFolder<Square> store = open(STUDY)) {
            Files.writeString(file(STUDY.cell(2)), "{");
            assertThatThrownBy(() -> store.find(STUDY.cell(2))).isInstanceOf(RecordFormatException.class);
            keep(store, STUDY, 2, 4);
            assertThat(result(store, STUDY.cell(2))).isEqualTo(new Square(2, 4));
        }
        assertThat(records().results()).containsExactly(new Square(2, 4));
    }

    @Test
    void leftoversOfAKilledWriteAreNoCells() throws IOException {
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 0, 0);
            Path target = file(STUDY.cell(1));
            Path leftover = target.resolveSibling("." + target.getFileName() + ".4711.tmp");
            Files.writeString(leftover, "{ \"specification\" : {");
            Files.writeString(folder.resolve(".study.json.4711.tmp"), "{");
            assertThat(store.find(STUDY.cell(1))).isEmpty();
            assertThat(store.find(STUDY.cell(1))).isEmpty();
            assertThat(records().results()).containsExactly(new Square(0, 0));
            keep(store, STUDY, 1, 1);
            assertThat(leftover).hasContent("{ \"specification\" : {");
        }
        open(STUDY).close();
        assertThat(records().results()).containsExactly(new Square(0, 0), new Square(1, 1));
    }

    @Test
    void cellsOfOneLabelAndTwoSpecificationsKeepTheirOwnResults() throws IOException {
        assertThat(OTHER.cell(2).label()).isEqualTo(STUDY.cell(2).label());
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 2, 4);
            keep(store, OTHER, 2, -4);
            assertThat(result(store, STUDY.cell(2))).isEqualTo(new Square(2, 4));
            assertThat(result(store, OTHER.cell(2))).isEqualTo(new Square(2, -4));
        }
        assertThat(records().results()).containsExactly(new Square(2, 4));
        open(OTHER).close();
        assertThat(records().results()).containsExactly(new Square(2, -4));
        try (Stream<Path> files = Files.list(folder.resolve("cells"))) {
            assertThat(files).containsExactlyInAnyOrder(file(STUDY.cell(2)), file(OTHER.cell(2)));
        }
    }

    @Test
    void aCheckpointBelongsToItsCellAlone() throws IOException {
        try (StudyFolder<Square> store = open(STUDY)) {
            Set<Path> paths = new HashSet<>();
            for (CountingStudy study : List.of(STUDY, OTHER)) {
                for (PlannedCell<Integer> cell : study.cells()) {
                    Path checkpoint = store.checkpoint(cell);
                    assertThat(checkpoint)
                            .isEqualTo(folder.resolve("checkpoints").resolve(cell.fileName() + ".ckpt"));
                    assertThat(paths.add(checkpoint)).as("%s", cell).isTrue();
                    assertThat(store.checkpoint(study.cell(cell.key()))).isEqualTo(checkpoint);
                }
            }
            Path checkpoint = store.checkpoint(STUDY.cell(0));
            Files.writeString(checkpoint, "half");
            assertThat(store.find(STUDY.cell(0))).isEmpty();
            keep(store, STUDY, 0, 0);
            assertThat(checkpoint).hasContent("half"); // the job takes it away, not the folder
        }
    }

    @Test
    void aReaderSeesWholeCellsWhileARunGoesOn() throws Exception {
        int size = 40;
        CountingStudy study = CountingStudy.of(size);
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService readers = Executors.newSingleThreadExecutor();
        try (StudyFolder<Square> store = open(study)) {
            Future<Integer> reader = readers.submit(() -> {
                int seen = 0;
                boolean last;
                do {
                    last = ended.get();
                    List<Square> results = records().results();
                    assertThat(results).hasSizeGreaterThanOrEqualTo(seen);
                    assertThat(results)
                            .allSatisfy(cell -> assertThat(cell.square()).isEqualTo(cell.number() * cell.number()));
                    seen = results.size();
                } while (!last);
                return seen;
            });
            for (int round = 0; round < 5; round++) { // later rounds replace cells under the reader's eyes
                for (int number = 0; number < size; number++) {
                    keep(store, study, number, number * number);
                }
            }
            ended.set(true);
            assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(size);
        } finally {
            ended.set(true);
            readers.shutdownNow();
        }
    }

    @Test
    void everyRefusalOfAFolderCallsItAsTheCommandDoes() throws IOException {
        CountingStudy red = STUDY.with(Map.of("colour", "red"), "");
        Files.writeString(folder, "a file");
        assertRenamed(STUDY, "--out must be a folder, " + folder + " is a file; choose another --out");
        Files.delete(folder);
        Files.createDirectories(folder.resolve("notes"));
        assertRenamed(
                red,
                "--out " + folder + " must be new, empty or hold this experiment, but holds notes; choose another"
                        + " --out");
        Files.delete(folder.resolve("notes"));
        Files.createDirectories(folder.resolve("cells"));
        assertRenamed(
                STUDY,
                "--out " + folder + " must be new or have a study.json, but holds results of an earlier version,"
                        + " which had none; show or finish them with the version that made them, or choose another"
                        + " --out");
        Files.delete(folder.resolve("cells"));
        open(STUDY).close();
        assertRenamed(
                red,
                "--out " + folder + " must be new or hold this experiment, but holds one with colour = none where this"
                        + " has red; choose another --out or the same settings");
    }

    private void assertRenamed(CountingStudy study, String message) {
        assertThatThrownBy(() -> open(study)).isInstanceOfSatisfying(UnfitFolderException.class, refusal -> {
            assertThat(refusal.message("--out")).isEqualTo(message);
            assertThat(refusal).hasMessage(message.replace("--out", "output folder"));
        });
    }
}
