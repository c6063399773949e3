package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Square;

class RecordFilesTest {
    private static final CountingStudy STUDY = CountingStudy.of(3);

    private final Path folder;

    RecordFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static CellSpecification specification(int number) {
        return STUDY.cell(number).specification();
    }

    private Path finish(int number) throws IOException {
        try (StudyFolder<Square> store = StudyFolder.open(folder, STUDY, CountingStudy.RUN)) {
            store.keep(
                    STUDY.cell(number),
                    new FinishedCell<>(specification(number), CountingStudy.RUN, new Square(number, number * number)));
        }
        return folder.resolve("cells").resolve(STUDY.cell(number).fileName() + ".json");
    }

    @Test
    void aFinishedCellIsFoundByItsSpecificationWithTheChecksumThatStandsInIt() throws IOException {
        Path file = finish(1);
        RecordFiles.RecordFile found =
                RecordFiles.in(folder).of(specification(1)).orElseThrow();
        assertThat(folder.resolve(found.name())).isEqualTo(file);
        assertThat(found.sha256())
                .isEqualTo(
                        new ObjectMapper().readTree(file.toFile()).get("sha256").asText())
                .hasSize(64);
        assertThat(RecordFiles.in(folder).of(specification(2))).isEmpty();
    }

    @Test
    void whatIsNoRecordHasNone() throws IOException {
        for (String content : new String[] {"", "{", "[]", "{\"result\" : 1}", "\0\1"}) {
            Files.writeString(finish(1), content);
            assertThat(RecordFiles.in(folder).of(specification(1))).as(content).isEmpty();
        }
    }

    @Test
    void aFolderWithoutAStudyIsRefused() {
        assertThatThrownBy(() -> RecordFiles.in(folder))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage("folder " + folder
                        + " must hold a study, has no study.json; name the output folder of a study");
    }
}
