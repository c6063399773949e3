package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Square;

class StudyFolderTest {
    private static final CountingStudy STUDY = CountingStudy.of(3);

    private final Path folder;

    StudyFolderTest(@TempDir Path parent) {
        this.folder = parent.resolve("out");
    }

    private StudyFolder<Square> open(CountingStudy study) throws IOException {
        return StudyFolder.open(folder, study, CountingStudy.RUN);
    }

    private static FinishedCell<Square> finished(CountingStudy study, int number, Provenance maker) {
        return new FinishedCell<>(study.cell(number).specification(), maker, new Square(number, number * number));
    }

    private static void keep(StudyFolder<Square> store, CountingStudy study, int number, Provenance maker)
            throws IOException {
        store.keep(study.cell(number), finished(study, number, maker));
    }

    @Test
    void aFinishedCellComesBackWithItsSpecificationAndItsMaker() throws IOException {
        try (StudyFolder<Square> store = open(STUDY)) {
            assertThat(store.find(STUDY.cell(2))).isEmpty();
            keep(store, STUDY, 2, CountingStudy.RUN);
            assertThat(store.find(STUDY.cell(2))).contains(finished(STUDY, 2, CountingStudy.RUN));
        }
        Path file = folder.resolve("cells").resolve(STUDY.cell(2).fileName() + ".json");
        assertThat(Files.readString(file)).contains("\"number\" : \"2\"", "\"softwareVersion\" : \"1.0\"");
        assertThat(file.getFileName().toString()).matches("n_2--[0-9a-f]{32}\\.json");
    }

    @Test
    void cellsOfOtherSettingsLieSideBySide() throws IOException {
        CountingStudy other = STUDY.with(Map.of(), "other");
        try (StudyFolder<Square> store = open(STUDY)) {
            keep(store, STUDY, 1, CountingStudy.RUN);
        }
        try (StudyFolder<Square> store = open(other)) {
            assertThat(store.find(other.cell(1))).isEmpty();
            keep(store, other, 1, CountingStudy.RUN);
        }
        try (Stream<Path> cells = Files.list(folder.resolve("cells"))) {
            assertThat(cells).hasSize(2);
        }
    }

    @Test
    void aFileThatIsOfAnotherSpecificationIsNamedSetAsideAndMadeAgain() throws IOException {
        try (StudyFolder<Square> store = open(STUDY)) {
            store.keep(STUDY.cell(1), finished(STUDY, 2, CountingStudy.RUN));
            Path file = folder.resolve("cells").resolve(STUDY.cell(1).fileName() + ".json");
            String said = file + " must be the record of the cell that it is named by, but is another cell's";
            assertThat(records().cells()).isEmpty();
            assertThat(records().damaged()).containsExactly(said);
            assertThat(new StudyRun<>(STUDY, store, CountingStudy.RUN).missing())
                    .containsExactlyElementsOf(STUDY.cells());
            assertThat(store.setAside())
                    .containsExactly(
                            said + "; it is kept as " + file.getFileName() + ".damaged and the cell is made again");
            assertThat(store.newlySetAside()).isEqualTo(store.setAside());
            assertThat(store.newlySetAside()).isEmpty();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void recordsAreReadByAnyoneAtAnyTimeAndNameEveryMaker() throws IOException {
        Provenance newer = CountingStudy.provenance("1.1", "2026-05-06T07:08:09Z");
        try (StudyFolder<Square> store = open(STUDY)) {
            StudyRecords<CountingStudy.Plan, Square> none = records();
            assertThat(none.cells()).isEmpty();
            assertThat(none.provenances()).containsExactly(CountingStudy.RUN);
            keep(store, STUDY, 2, newer);
            keep(store, STUDY, 0, CountingStudy.RUN);
            StudyRecords<CountingStudy.Plan, Square> two = records();
            assertThat(two.plan()).isEqualTo(new CountingStudy.Plan(3));
            assertThat(two.settings()).isEqualTo(Map.of("size", "3"));
            assertThat(two.results()).containsExactly(new Square(0, 0), new Square(2, 4));
            assertThat(two.provenances()).containsExactly(newer, CountingStudy.RUN);
        }
        assertThat(StudyRecords.kind(folder)).isEqualTo("counting");
    }

    private StudyRecords<CountingStudy.Plan, Square> records() throws IOException {
        return StudyRecords.read(folder, CountingStudy.Plan.class, Square.class);
    }

    @Test
    void recordsOfAFolderWithoutAStudyAreRefused() throws IOException {
        Files.createDirectories(folder);
        assertThatThrownBy(this::records)
                .isInstanceOf(RecordFormatException.class)
                .hasMessage("folder " + folder + " must hold a study, has no study.json; name the output folder of a"
                        + " study");
    }

    @Test
    void theSecondOneIsToldWhoIsAtWorkAndSinceWhen() throws IOException {
        try (StudyFolder<Square> first = open(STUDY)) {
            assertThat(first.folder()).isEqualTo(folder);
            assertThatThrownBy(() -> open(STUDY))
                    .isInstanceOf(FolderInUseException.class)
                    .message()
                    .matches("output \\Q" + folder + "\\E must be free, process "
                            + ProcessHandle.current().pid()
                            + " since \\S+Z is at work there; wait for its end or choose another output");
        }
        open(STUDY).close();
    }

    @Test
    void anotherProcessIsKeptOutAndADeadOneIsNot() throws Exception {
        open(STUDY).close();
        Process owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(owner.inputReader().readLine()).isEqualTo("held");
            assertThatThrownBy(() -> open(STUDY))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageContaining("process " + owner.pid() + " since ");
        } finally {
            owner.destroyForcibly();
            assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        open(STUDY).close();
    }

    /** Holds a folder until it is killed. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] arguments) throws Exception {
            try (StudyFolder<Square> held = StudyFolder.open(Path.of(arguments[0]), STUDY, CountingStudy.RUN)) {
                System.out.println(held.find(STUDY.cell(0)).isPresent() ? "finished" : "held");
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void anIdentityIsForItselfAlone() throws IOException {
        CountingStudy red = CountingStudy.of(1).with(Map.of("colour", "red"), "");
        open(red).close();
        byte[] before = Files.readAllBytes(folder.resolve("study.json"));
        assertThatThrownBy(() -> open(CountingStudy.of(1).with(Map.of("colour", "blue"), "")))
                .isInstanceOfSatisfying(
                        UnfitFolderException.class,
                        refusal -> assertThat(refusal.message("--out"))
                                .startsWith("--out " + folder + " must be new or hold this experiment, ")
                                .endsWith("; choose another --out or the same settings"))
                .hasMessage("output folder " + folder + " must be new or hold this experiment, but holds one with"
                        + " colour = red where this has blue; choose another output folder or the same settings");
        assertThatThrownBy(() -> open(CountingStudy.of(1).with(Map.of(), "")))
                .as("a setting that is there and not here")
                .hasMessage("output folder " + folder + " must be new or hold this experiment, but holds one with"
                        + " colour = red where this has none; choose another output folder or the same settings");
        assertThat(Files.readAllBytes(folder.resolve("study.json"))).isEqualTo(before);
        open(CountingStudy.of(5).with(Map.of("colour", "red"), "")).close();
    }

    @Test
    void aStudyWithAnIdentityDoesNotGoBesideForeignFiles() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("thesis.tex"), "mine");
        assertThatThrownBy(() -> open(CountingStudy.of(1).with(Map.of("colour", "red"), "")))
                .hasMessage("output folder " + folder + " must be new, empty or hold this experiment, but holds"
                        + " thesis.tex; choose another output folder");
        open(STUDY).close();
        assertThat(folder.resolve("thesis.tex")).hasContent("mine");
    }

    @Test
    void otherThingsInItsPlaceAreRefusedAndLeftAsTheyWere() throws IOException {
        Files.writeString(folder, "a file");
        assertThatThrownBy(() -> open(STUDY))
                .hasMessage("output folder must be a folder, " + folder + " is a file; choose another output folder");
        Files.delete(folder);
        Files.createDirectories(folder.resolve("cells").resolve("old"));
        assertThatThrownBy(() -> open(STUDY))
                .hasMessage("output folder " + folder + " must be new or have a study.json, but holds results of an"
                        + " earlier version, which had none; show or finish them with the version that made them, or"
                        + " choose another output folder");
        Files.writeString(folder.resolve("study.json"), "{}");
        Path description = folder.resolve("study.json");
        assertThatThrownBy(() -> open(STUDY))
                .hasMessage(description + " must be a study's description, is not: " + description + " must be a record"
                        + " with the key sha256, has none; use the version or program that made it; choose another"
                        + " output folder");
        Files.writeString(
                folder.resolve("study.json"),
                RecordJson.seal(new StudyDescription(
                        "painting", Map.of(), RecordJson.tree(Map.of()), Map.of(), CountingStudy.RUN, List.of())));
        assertThatThrownBy(() -> open(STUDY))
                .hasMessage("output folder " + folder + " must be new or hold a study of counting, but holds one of"
                        + " painting; choose another output folder");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("cells", "study.json");
        }
    }

    /** What a run leaves that was killed in its first moments, by this build or one before. */
    @Test
    void emptyFoldersOfARunThatWasKilledAtOnceAreNoStudyOfAnother() throws IOException {
        Files.createDirectories(folder.resolve("cells"));
        Files.createDirectories(folder.resolve("checkpoints"));
        for (CountingStudy study : List.of(STUDY, STUDY.with(Map.of("kept", "whole"), ""))) {
            try (StudyFolder<Square> store = open(study)) {
                assertThat(store.setAside()).isEmpty();
            }
            Files.delete(folder.resolve("study.json"));
        }
        Files.writeString(folder.resolve("cells").resolve("old.json"), "{}");
        assertThatThrownBy(() -> open(STUDY)).hasMessageContaining("holds results of an earlier version");
    }
}
