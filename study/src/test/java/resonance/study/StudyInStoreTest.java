package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resonance.study.CountingStudy.Square;

/** A study's folder where there are neither channels of files nor locks nor links. */
class StudyInStoreTest {
    private static final CountingStudy STUDY = CountingStudy.of(3);

    private final Path folder;

    StudyInStoreTest() throws IOException {
        folder = MemoryStore.newFolder().resolve("out");
    }

    private StudyFolder<Square> open() throws IOException {
        return StudyFolder.open(folder, STUDY, CountingStudy.RUN);
    }

    private static FinishedCell<Square> finished(int number) {
        return new FinishedCell<>(
                STUDY.cell(number).specification(), CountingStudy.RUN, new Square(number, number * number));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void cellsAreKeptFoundAndReadByAnyone() throws IOException {
        try (StudyFolder<Square> kept = open()) {
            kept.keep(STUDY.cell(2), finished(2));
            kept.keep(STUDY.cell(2), finished(2));
            assertThat(kept.find(STUDY.cell(2))).contains(finished(2));
            assertThat(kept.find(STUDY.cell(1))).isEmpty();
            assertThat(FolderState.of(folder, List.of(STUDY.cell(2).fileName())).owner())
                    .hasValueSatisfying(owner -> assertThat(owner)
                            .startsWith("process " + ProcessHandle.current().pid() + " on "));
            try (WrittenFiles.Change change = kept.written().change()) {
                change.write("report.html", "a page");
                change.commit();
            }
        }
        assertThat(names(folder))
                .containsExactly(WrittenFiles.NAME, "cells", "checkpoints", "report.html", "study.json");
        assertThat(names(folder.resolve("cells"))).hasSize(1);
        assertThat(StudyRecords.read(folder, CountingStudy.Plan.class, Square.class)
                        .results())
                .containsExactly(new Square(2, 4));
        assertThat(RecordFiles.in(folder).of(STUDY.cell(2).specification())).isPresent();
    }

    @Test
    void aDamagedCellIsSetAsideAndMadeAgain() throws IOException {
        Path cell = folder.resolve("cells").resolve(STUDY.cell(1).fileName() + ".json");
        try (StudyFolder<Square> kept = open()) {
            kept.keep(STUDY.cell(1), finished(1));
            Files.writeString(cell, "{");
            assertThat(kept.find(STUDY.cell(1))).isEmpty();
            assertThat(kept.setAside()).hasSize(1);
            assertThat(names(folder.resolve("cells"))).containsExactly(cell.getFileName() + ".damaged");
        }
    }

    @Test
    void nothingIsKeptOnceTheFolderWasReplaced() throws IOException {
        try (StudyFolder<Square> kept = open()) {
            kept.keep(STUDY.cell(0), finished(0));
            Files.delete(folder.resolve(FolderLock.NAME));
            while (true) { // until the lease looks
                kept.keep(STUDY.cell(0), finished(0));
                Thread.sleep(100);
            }
        } catch (FolderInUseException gone) {
            assertThat(gone).hasMessageContaining("its lock is gone");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(names(folder)).doesNotContain(FolderLock.NAME);
    }

    @Test
    void aSecondOneInThisProcessIsRefusedWithoutWaiting() throws IOException {
        try (StudyFolder<Square> kept = open()) {
            assertThat(kept.writable()).isTrue();
            assertThatThrownBy(this::open).isInstanceOf(FolderInUseException.class);
        }
        open().close();
    }
}
