package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Plan;
import resonance.study.CountingStudy.Square;

class StudyRecordsTest {
    private static final Provenance OLD = CountingStudy.RUN;
    private static final Provenance NEW = CountingStudy.provenance("1.1", "2026-05-06T07:08:09Z");
    private static final Provenance OPENED = CountingStudy.provenance("1.2", "2026-09-09T09:09:09Z");

    private static FinishedCell<Square> cell(int number, Provenance maker) {
        CellSpecification specification = CountingStudy.of(9).cell(number).specification();
        return new FinishedCell<>(specification, maker, new Square(number, number * number));
    }

    private static StudyRecords<Plan, Square> records(List<FinishedCell<Square>> cells) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("size", "9");
        settings.put("again", "no");
        return new StudyRecords<>(new Plan(9), settings, OPENED, cells);
    }

    private static StudyRecords<Plan, Square> inOrder(StudyRecords<Plan, Square> records, Integer... planned) {
        return records.inOrder("squares", List.of(planned), Square::number);
    }

    @Test
    void theOrderOfThePlanReplacesTheOneTheCellsCameIn() {
        StudyRecords<Plan, Square> came = records(List.of(cell(3, OLD), cell(1, NEW), cell(2, OLD)));
        assertThat(inOrder(came, 1, 4, 2, 3)).isEqualTo(records(List.of(cell(1, NEW), cell(2, OLD), cell(3, OLD))));
        assertThat(inOrder(came, 3, 2, 1).results())
                .containsExactly(new Square(3, 9), new Square(2, 4), new Square(1, 1));
        assertThat(inOrder(records(List.of()), 1, 2)).isEqualTo(records(List.of()));
    }

    @Test
    void cellsThatRepeatOrAreNotPlannedAreRefused() {
        assertThatThrownBy(() -> inOrder(records(List.of(cell(1, OLD), cell(2, OLD), cell(1, NEW))), 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("squares must not repeat, found 1 twice");
        assertThatThrownBy(() -> inOrder(records(List.of(cell(1, OLD), cell(5, OLD), cell(4, OLD))), 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("squares must be squares of the plan, found 5");
    }

    @Test
    void everyMakerIsNamedOnceAndTheLatestFirst() {
        Provenance asNew = CountingStudy.provenance("0.9", NEW.date());
        assertThat(records(List.of(cell(0, OLD), cell(1, NEW), cell(2, OLD), cell(3, asNew)))
                        .provenances())
                .containsExactly(NEW, asNew, OLD);
        assertThat(records(List.of(cell(3, asNew), cell(1, NEW))).provenances()).containsExactly(asNew, NEW);
        assertThat(records(List.of()).provenances()).containsExactly(OPENED);
    }

    /** Others read these documents by script: every byte is a contract. */
    @Test
    void theDocumentHasPlanSettingsMakersAndResultsInThisOrder() {
        StudyRecords<Plan, Square> records = records(List.of(cell(1, OLD), cell(2, NEW)));
        assertThat(records.document("sums", List.of(Map.of("sum", 5)))).isEqualToNormalizingNewlines("""
                {
                  "plan" : {
                    "size" : 9
                  },
                  "settings" : {
                    "size" : "9",
                    "again" : "no"
                  },
                  "provenance" : {
                    "softwareVersion" : "1.1",
                    "gitCommit" : "abc",
                    "javaVersion" : "17",
                    "libTorchVersion" : "2.10",
                    "operatingSystem" : "Linux",
                    "processor" : "a CPU",
                    "cores" : 2,
                    "date" : "2026-05-06T07:08:09Z",
                    "commandLine" : "./resonance count"
                  },
                  "otherProvenances" : [ {
                    "softwareVersion" : "1.0",
                    "gitCommit" : "abc",
                    "javaVersion" : "17",
                    "libTorchVersion" : "2.10",
                    "operatingSystem" : "Linux",
                    "processor" : "a CPU",
                    "cores" : 2,
                    "date" : "2026-01-02T03:04:05Z",
                    "commandLine" : "./resonance count"
                  } ],
                  "sums" : [ {
                    "sum" : 5
                  } ]
                }
                """);
        assertThat(records(List.of()).document("cells", List.of()))
                .contains("\"date\" : \"2026-09-09T09:09:09Z\"", "\"otherProvenances\" : [ ]", "\"cells\" : [ ]");
    }

    @Test
    void laterChangesOfWhatItWasMadeOfLeaveItAsItWas() {
        List<FinishedCell<Square>> cells = new ArrayList<>(List.of(cell(1, OLD)));
        Map<String, String> settings = new LinkedHashMap<>(Map.of("size", "9"));
        StudyRecords<Plan, Square> records = new StudyRecords<>(new Plan(9), settings, OPENED, cells);
        cells.clear();
        settings.clear();
        assertThat(records.results()).containsExactly(new Square(1, 1));
        assertThat(records.settings()).isEqualTo(Map.of("size", "9"));
        List<List<?>> lists = List.of(records.provenances(), records.cells(), records.results());
        assertThat(lists)
                .allSatisfy(list -> assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class));
    }

    @Test
    void aFoldersSettingsAreThoseOfItsStudyIfItHoldsOneThatCanBeRead(@TempDir Path folder) throws IOException {
        assertThat(StudyRecords.settings(folder)).isEmpty();
        assertThat(StudyRecords.settings(folder.resolve("absent"))).isEmpty();
        CountingStudy study = CountingStudy.of(9);
        StudyFolder.open(folder, study, OPENED).close();
        assertThat(StudyRecords.settings(folder)).isEqualTo(study.settings());
        Files.writeString(folder.resolve("study.json"), "{\"kind\": 1}");
        assertThat(StudyRecords.settings(folder)).isEmpty();
    }
}
