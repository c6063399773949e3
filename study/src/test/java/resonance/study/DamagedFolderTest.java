package resonance.study;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

    /** What disks, editors and people do to a file. */
    static Stream<Arguments> damages() {
        return Stream.of(
                arguments("cut", (UnaryOperator<byte[]>) whole -> Arrays.copyOf(whole, whole.length / 2)),
                arguments("emptied", (UnaryOperator<byte[]>) whole -> new byte[0]),
                arguments("all zero", (UnaryOperator<byte[]>) whole -> new byte[whole.length]),
                arguments("null", (UnaryOperator<byte[]>) whole -> "null".getBytes(UTF_8)),
                arguments("a list", (UnaryOperator<byte[]>) whole -> "[1]".getBytes(UTF_8)),
                arguments("a null field", replacing("\"Linux\"", "null")),
                arguments("a flipped digit", replacing("\"cores\" : 2", "\"cores\" : 3")),
                arguments("a flipped letter", replacing("a CPU", "b CPU")),
                arguments("a key twice", replacing("\"cores\" : 2", "\"cores\" : 2, \"cores\" : 2")),
                arguments("a key more", replacing("\"cores\" : 2", "\"cores\" : 2, \"more\" : 1")),
                arguments("two documents", (UnaryOperator<byte[]>)
                        whole -> (new String(whole, UTF_8) + "{}").getBytes(UTF_8)),
                arguments("Latin-1", (UnaryOperator<byte[]>) whole ->
                        new String(whole, UTF_8).replace("a CPU", "é CPU").getBytes(ISO_8859_1)),
                arguments("UTF-16", (UnaryOperator<byte[]>) whole -> new String(whole, UTF_8).getBytes(UTF_16)));
    }

    private static UnaryOperator<byte[]> replacing(String from, String to) {
        return whole -> {
            String text = new String(whole, UTF_8);
            assertThat(text).contains(from);
            return text.replace(from, to).getBytes(UTF_8);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aDamagedCellIsSaidSetAsideAndMadeAgainAndShownByNobody(String name, UnaryOperator<byte[]> damage)
            throws IOException {
        Path file = file(STUDY.cell(1));
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 0, 0);
            keep(store, STUDY, 1, 1);
            byte[] damaged = damage.apply(Files.readAllBytes(file));
            Files.write(file, damaged);
            assertThat(records().results()).containsExactly(new Square(0, 0));
            assertThat(records().damaged())
                    .singleElement()
                    .asString()
                    .startsWith(file + " must be as it was written, but it")
                    .doesNotContain("\n", "jackson", "resonance.study");
            assertThat(store.find(STUDY.cell(1))).isEmpty();
            assertThat(store.setAside())
                    .singleElement()
                    .asString()
                    .startsWith(file + " must be as it was written, but it")
                    .endsWith("; it is kept as " + file.getFileName() + ".damaged and the cell is made again");
            assertThat(file.resolveSibling(file.getFileName() + ".damaged")).hasBinaryContent(damaged);
            keep(store, STUDY, 1, 1);
            assertThat(result(store, STUDY.cell(1))).isEqualTo(new Square(1, 1));
            assertThat(records().damaged()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aDamagedDescriptionIsSaidSetAsideAndWrittenAnew(String name, UnaryOperator<byte[]> damage) throws IOException {
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 2, 4);
        }
        Path file = folder.resolve("study.json");
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = damage.apply(whole);
        Files.write(file, damaged);
        assertThatThrownBy(this::records)
                .isInstanceOf(RecordFormatException.class)
                .message()
                .startsWith(file + " must be as it was written, but it")
                .endsWith("; the study's own command with this output folder writes it anew");
        try (StudyFolder<Square> store = open(STUDY)) {
            assertThat(store.setAside())
                    .singleElement()
                    .asString()
                    .endsWith("; it is kept as study.json.damaged and written anew");
            assertThat(result(store, STUDY.cell(2))).isEqualTo(new Square(2, 4));
        }
        assertThat(folder.resolve("study.json.damaged")).hasBinaryContent(damaged);
        assertThat(file).hasBinaryContent(whole);
    }

    /** Header, middle and end alike: one bit of every byte, and every length that a cut can leave. */
    @Test
    void noFlippedBitAndNoCutOfARecordGoesUnnoticed() throws IOException {
        Path file = file(STUDY.cell(1));
        Random random = new Random(14);
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 1, 1);
            byte[] whole = Files.readAllBytes(file);
            for (int at = 0; at < whole.length; at++) {
                byte[] flipped = whole.clone();
                int bit = random.nextInt(8);
                flipped[at] ^= (byte) (1 << bit);
                assertNoticed(file, flipped, "bit " + bit + " of byte " + at);
                // Without the line's end all of it is there.
                assertNoticed(file, Arrays.copyOf(whole, Math.min(at, whole.length - 2)), "cut to " + at);
            }
            Files.write(file, whole);
            assertThat(result(store, STUDY.cell(1))).isEqualTo(new Square(1, 1));
        }
    }

    private static void assertNoticed(Path file, byte[] damaged, String how) throws IOException {
        Files.write(file, damaged);
        assertThatThrownBy(() -> StudyFolder.read(file, Square.class))
                .as(how)
                .isInstanceOf(RecordFormatException.class);
    }

    @Test
    void aFolderInACellsPlaceIsSetAside() throws IOException {
        Path file = file(STUDY.cell(1));
        try (StudyFolder<Square> store = open(STUDY)) {
            Files.createDirectories(file.resolve("inside"));
            Files.createDirectories(file.resolveSibling(file.getFileName() + ".damaged"));
            assertThat(records().damaged()).containsExactly(file + " must be as it was written, but it is a folder");
            assertThat(store.find(STUDY.cell(1))).isEmpty();
            assertThat(store.setAside()).hasSize(1);
            assertThat(file.resolveSibling(file.getFileName() + ".damaged-2").resolve("inside"))
                    .isDirectory();
            keep(store, STUDY, 1, 1);
            assertThat(result(store, STUDY.cell(1))).isEqualTo(new Square(1, 1));
        }
    }

    /** A record whose checksum is right was not damaged: it is another version's, and stays what it is for that one. */
    @Test
    void aRecordOfAnotherFormIsNamedByItsField() throws IOException {
        open(STUDY).close();
        Path file = file(STUDY.cell(1));
        Files.writeString(
                file,
                RecordJson.seal(Map.of("specification", STUDY.cell(1).specification(), "result", new Square(1, 1))));
        assertThat(records().damaged())
                .containsExactly(file + " must be a record in the form of this version, madeBy is not; use the version"
                        + " that made it");
    }

    @Test
    void aFolderWhoseDescriptionIsDamagedStillTakesNoOtherStudy() throws IOException {
        CountingStudy red = STUDY.with(Map.of("secret", "red"), "red");
        try (StudyFolder<Square> store = open(red)) {
            keep(store, red, 2, 4);
        }
        Files.writeString(folder.resolve("study.json"), "{");
        assertThatThrownBy(() -> open(STUDY.with(Map.of("secret", "blue"), "blue")))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage(
                        "output folder " + folder + " must be new or hold this experiment, but holds one with secret"
                                + " = red where this has blue; choose another output folder or the same settings");
        assertThat(folder.resolve("study.json")).hasContent("{");
    }

    @Test
    void aForeignFileOfTheDescriptionsNameIsNotTouched() throws IOException {
        Files.createDirectories(folder);
        Path file = Files.writeString(folder.resolve("study.json"), "{ my notes");
        assertThatThrownBy(() -> open(STUDY))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage(
                        file + " must be a study's description, is not: " + file + " must be as it was written, but it"
                                + " is no JSON from line 1 on; choose another output folder");
        assertThat(file).hasContent("{ my notes");
    }

    @Test
    void leftoversOfAKilledWriteAreNoCellsAndGoneWithTheNextRun() throws IOException {
        Path leftover;
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 0, 0);
            Path target = file(STUDY.cell(1));
            leftover = target.resolveSibling("." + target.getFileName() + ".0123456789abcdef.tmp");
            Files.writeString(leftover, "{ \"specification\" : {");
            assertThat(store.find(STUDY.cell(1))).isEmpty();
            assertThat(records().results()).containsExactly(new Square(0, 0));
            keep(store, STUDY, 1, 1);
            assertThat(leftover).exists();
        }
        Path checkpoint = folder.resolve("checkpoints/." + STUDY.cell(2).fileName() + ".ckpt.0123456789abcdef.tmp");
        Path description = folder.resolve(".study.json.0123456789abcdef.tmp");
        Path users = folder.resolve(".notes.0123456789abcdef.tmp");
        Path usersToo = folder.resolve("cells/.vimrc.tmp");
        for (Path file : List.of(checkpoint, description, users, usersToo)) {
            Files.writeString(file, "part");
        }
        open(STUDY).close();
        assertThat(leftover).doesNotExist();
        assertThat(checkpoint).doesNotExist();
        assertThat(description).doesNotExist();
        assertThat(users).exists();
        assertThat(usersToo).exists();
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

    /** One that a run left which was killed between a cell and its end; until all are finished it may be of use to another cell. */
    @Test
    void checkpointsOfFinishedCellsAreGoneWithTheLastCell() throws IOException {
        Path left;
        try (StudyFolder<Square> store = open(STUDY)) {
            left = Files.writeString(store.checkpoint(STUDY.cell(0)), "whole");
            keep(store, STUDY, 0, 0);
            keep(store, STUDY, 1, 1);
        }
        assertThat(left).hasContent("whole");
        try (StudyFolder<Square> store = open(STUDY)) {
            assertThat(left).hasContent("whole");
            keep(store, STUDY, 2, 4);
        }
        assertThat(left).doesNotExist();
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
        Files.createDirectories(folder.resolve("cells").resolve("old"));
        assertRenamed(
                STUDY,
                "--out " + folder + " must be new or have a study.json, but holds results of an earlier version,"
                        + " which had none; show or finish them with the version that made them, or choose another"
                        + " --out");
        Files.delete(folder.resolve("cells").resolve("old"));
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
