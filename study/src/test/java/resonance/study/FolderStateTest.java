package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.FolderState.CellTime;

class FolderStateTest {
    private static final CountingStudy STUDY = CountingStudy.of(3);
    private static final List<String> NAMES =
            STUDY.cells().stream().map(PlannedCell::fileName).toList();

    private final Path folder;

    FolderStateTest(@TempDir Path parent) {
        folder = parent.resolve("study");
    }

    /** A result that says how long it took. */
    record Timed(double seconds) {}

    /** A result of a job that others share. */
    record Trained(double wallSeconds) {}

    private void write(int number, Object result) throws IOException {
        AtomicFile.write(
                folder.resolve("cells").resolve(NAMES.get(number) + ".json"),
                RecordJson.seal(new FinishedCell<>(STUDY.cell(number).specification(), CountingStudy.RUN, result)));
    }

    @Test
    void aFolderThatIsNotThereHoldsNothing() throws IOException {
        FolderState state = FolderState.of(folder, NAMES);
        assertThat(state.finished()).isEmpty();
        assertThat(state.owner()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void finishedCellsHaveTheTimeThatTheirResultsSay() throws IOException {
        Files.createDirectories(folder.resolve("cells"));
        write(0, new Timed(1.5));
        write(1, new Trained(7));
        write(2, new CountingStudy.Square(2, 4));
        assertThat(FolderState.of(folder, NAMES).finished())
                .containsEntry(NAMES.get(0), new CellTime(OptionalDouble.of(1.5), false))
                .containsEntry(NAMES.get(1), new CellTime(OptionalDouble.of(7), true))
                .containsEntry(NAMES.get(2), new CellTime(OptionalDouble.empty(), false));
        assertThat(FolderState.of(folder, NAMES.subList(0, 1)).finished()).containsOnlyKeys(NAMES.get(0));
    }

    @Test
    void damagedRecordsAreToldAndThoseSetAsideCounted() throws IOException {
        Files.createDirectories(folder.resolve("cells"));
        write(0, new Timed(1));
        Path cell = folder.resolve("cells").resolve(NAMES.get(0) + ".json");
        Files.writeString(cell, Files.readString(cell).replace("1", "2"));
        assertThat(FolderState.of(folder, NAMES).damaged())
                .containsExactly(cell + " must be as it was written, but its content does not match its checksum");
        assertThat(FolderState.of(folder, NAMES).finished()).isEmpty();
        Path aside = SetAside.rename(cell);
        assertThat(aside).exists();
        write(0, new Timed(1));
        SetAside.rename(cell);
        FolderState state = FolderState.of(folder, NAMES);
        assertThat(state.damaged()).isEmpty();
        assertThat(state.setAside()).isEqualTo(2);
    }

    @Test
    void whoIsAtWorkIsToldAndNotDisturbed() throws IOException {
        try (StudyFolder<CountingStudy.Square> open = StudyFolder.open(folder, STUDY, CountingStudy.RUN)) {
            assertThat(open.writable()).isTrue();
            Optional<String> owner = FolderState.of(folder, NAMES).owner();
            assertThat(owner)
                    .hasValueSatisfying(name -> assertThat(name)
                            .startsWith("process " + ProcessHandle.current().pid() + " since "));
            assertThat(FolderState.of(folder, NAMES).owner()).isEqualTo(owner);
        }
        assertThat(FolderState.of(folder, NAMES).owner()).isEmpty();
    }

    @Test
    void theFileOfADeadOwnerIsNoOwner() throws IOException {
        Files.createDirectories(folder.resolve("cells"));
        Files.writeString(folder.resolve(FolderLock.NAME), "process 1 since long ago\n");
        assertThat(FolderState.of(folder, NAMES).owner()).isEmpty();
        assertThat(folder.resolve(FolderLock.NAME)).exists();
        FolderLock.take(folder).close();
    }
}
