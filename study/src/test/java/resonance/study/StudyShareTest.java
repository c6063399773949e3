package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Square;

class StudyShareTest {
    private static final Provenance ELSEWHERE = CountingStudy.provenance("1.0", "2026-01-02T09:00:00Z");

    private final Path folder;
    private final List<Integer> told = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    StudyShareTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private final class Heard implements StudyListener<Integer, Square> {
        @Override
        public void jobStarted(String name, List<Integer> cells) {}

        @Override
        public void noted(String text, boolean alsoOnTerminal) {
            notes.add(text);
        }

        @Override
        public void advanced(Progress progress) {}

        @Override
        public void cellFinished(Integer key, Square result) {
            told.add(key);
        }
    }

    private static OpenedStudy<Integer, Square> opened(CountingStudy study, List<String> released) {
        return new OpenedStudy<>(study, ELSEWHERE, () -> released.add("released"));
    }

    private static List<String> names(CountingStudy study, int... numbers) {
        List<String> names = new ArrayList<>();
        for (int number : numbers) {
            names.add(study.cell(number).fileName());
        }
        return names;
    }

    @Test
    void cellsAreDoneByNameInTheFolderThatAnotherProcessHolds() throws IOException {
        CountingStudy study = CountingStudy.of(4);
        try (StudyFolder<Square> held = StudyFolder.open(folder, study, CountingStudy.RUN);
                StudyShare<Integer, Square> share =
                        new StudyShare<>(opened(CountingStudy.of(4), new ArrayList<>()), folder)) {
            assertThat(share.run(names(study, 3, 1), new Heard(), () -> false)).isTrue();
            assertThat(told).containsExactly(3, 1);
            assertThat(held.find(study.cell(3)))
                    .contains(new FinishedCell<>(study.cell(3).specification(), ELSEWHERE, new Square(3, 9)));
            assertThat(held.find(study.cell(0))).isEmpty();
            assertThat(new StudyRun<>(study, held, CountingStudy.RUN).missing())
                    .extracting(PlannedCell::key)
                    .containsExactly(0, 2);
        }
    }

    @Test
    void aShareThatIsDoneTwiceDoesNothingTheSecondTime() throws IOException {
        CountingStudy study = new CountingStudy(4, 2, Map.of(), "", number -> {});
        try (StudyFolder<Square> held = StudyFolder.open(folder, study, CountingStudy.RUN);
                StudyShare<Integer, Square> share = new StudyShare<>(opened(study, new ArrayList<>()), folder)) {
            share.run(names(study, 0, 1), new Heard(), () -> false);
            told.clear();
            assertThat(share.run(names(study, 0, 1, 2), new Heard(), () -> false))
                    .isTrue();
            assertThat(told).containsExactly(2);
            assertThat(held.setAside()).isEmpty();
        }
    }

    /** The process that plans has looked before, and others tell people what they meet. */
    @Test
    void aRecordThatIsDamagedMeanwhileIsKeptAsideMadeAgainAndTold() throws IOException {
        CountingStudy study = CountingStudy.of(2);
        try (StudyFolder<Square> held = StudyFolder.open(folder, study, CountingStudy.RUN);
                StudyShare<Integer, Square> share = new StudyShare<>(opened(study, new ArrayList<>()), folder)) {
            Path record = folder.resolve("cells").resolve(study.cell(1).fileName() + ".json");
            Files.writeString(record, "{");
            assertThat(share.run(names(study, 1), new Heard(), () -> false)).isTrue();
            String aside = record.getFileName() + ".damaged";
            assertThat(notes)
                    .containsExactly(record + " must be as it was written, but it is no JSON from line 1 on; it is kept"
                            + " as " + aside + " and the cell is made again");
            assertThat(record.resolveSibling(aside)).hasContent("{");
            assertThat(held.find(study.cell(1)).orElseThrow().result()).isEqualTo(new Square(1, 1));
            assertThat(share.run(names(study, 0, 1), new Heard(), () -> false)).isTrue();
            assertThat(notes).hasSize(1);
        }
    }

    @Test
    void aShareThatIsAskedToStopSaysThatItIsNotDone() throws IOException {
        CountingStudy study = CountingStudy.of(2);
        try (StudyFolder<Square> held = StudyFolder.open(folder, study, CountingStudy.RUN);
                StudyShare<Integer, Square> share = new StudyShare<>(opened(study, new ArrayList<>()), folder)) {
            assertThat(share.run(names(study, 0, 1), new Heard(), () -> told.contains(0)))
                    .isFalse();
            assertThat(held.find(study.cell(0))).isPresent();
            assertThat(held.find(study.cell(1))).isEmpty();
        }
    }

    @Test
    void aStudyMadeFromOtherFilesIsRefused() throws IOException {
        CountingStudy study = CountingStudy.of(2);
        CountingStudy other = study.with(Map.of(), "another text");
        try (StudyFolder<Square> held = StudyFolder.open(folder, study, CountingStudy.RUN);
                StudyShare<Integer, Square> share = new StudyShare<>(opened(other, new ArrayList<>()), folder)) {
            String name = study.cell(1).fileName();
            assertThatThrownBy(() -> share.run(List.of(name), new Heard(), () -> false))
                    .isInstanceOf(WorkerException.class)
                    .hasMessage("every process must make the study from the same files and the same build, cell " + name
                            + " is none of its cells here; copy the files, and name those of one name by absolute"
                            + " paths");
            assertThat(held.writable()).isTrue();
        }
    }

    @Test
    void aFolderThatThisProcessDoesNotSeeIsRefused() {
        Path elsewhere = folder.resolve("elsewhere");
        List<String> released = new ArrayList<>();
        assertThatThrownBy(() -> new StudyShare<>(opened(CountingStudy.of(1), released), elsewhere))
                .isInstanceOf(WorkerException.class)
                .hasMessageStartingWith("output folder " + elsewhere
                        + " must be on a file system that every process of the study reaches by this path, was not found"
                        + " on ")
                .hasMessageEndingWith("; choose one that is shared");
        assertThat(Files.exists(elsewhere)).isFalse();
        assertThat(released).containsExactly("released");
    }

    @Test
    void whatTheStudyHoldsIsFreedWithTheShare() throws IOException {
        List<String> released = new ArrayList<>();
        CountingStudy study = CountingStudy.of(1);
        StudyFolder.open(folder, study, CountingStudy.RUN).close();
        new StudyShare<>(opened(study, released), folder).close();
        assertThat(released).containsExactly("released");
    }
}
