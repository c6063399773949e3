package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.ComparisonCell.TrainingPoint;
import resonance.evaluation.ComparisonCell.ValidationPoint;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.study.AtomicFile;
import resonance.study.RecordFormatException;
import resonance.study.RecordJson;

class ComparisonJsonTest {

    private final Path folder;

    ComparisonJsonTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void planAndCellsComeBackAsTheyWere() throws IOException {
        Comparison comparison = ExampleComparison.finished(List.of("cot", "semi-recursive"));
        ComparisonReport report =
                new ComparisonReport(comparison, ReferenceTable.paperTable1(), ExampleComparison.angles(128));
        ComparisonReport.Plan plan = new ComparisonReport.Plan(comparison.plan(), report.reference(), report.angles());
        Path file = folder.resolve("record.json");
        AtomicFile.write(file, RecordJson.write(plan));
        assertThat(RecordJson.read(file, ComparisonReport.Plan.class)).isEqualTo(plan);
        JsonNode document = new JsonMapper().readTree(report.toJson());
        assertThat(document.get("plan")).isEqualTo(new JsonMapper().readTree(RecordJson.write(comparison.plan())));
        assertThat(document.get("settings").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(ExampleComparison.settings().keySet());
        assertThat(document.get("cells")).hasSize(comparison.cells().size());
        for (int i = 0; i < comparison.cells().size(); i++) {
            AtomicFile.write(file, document.get("cells").get(i).toString());
            assertThat(RecordJson.read(file, ComparisonCell.class))
                    .isEqualTo(comparison.cells().get(i));
        }
    }

    @Test
    void aRunThatDivergedComesBackAsItWas() throws IOException {
        ComparisonCell cell = new ComparisonCell(
                "cot",
                encoding("rope"),
                Long.MAX_VALUE,
                0.1,
                0.2,
                List.of(0.1, 0.2),
                10,
                1,
                "a",
                "b",
                "c",
                List.of(new TrainingPoint(1, Double.NaN, 1e-3), new TrainingPoint(2, Double.POSITIVE_INFINITY, 1e-3)),
                List.of(new ValidationPoint(2, 0.5, Double.NEGATIVE_INFINITY, 0, 1)));
        Path file = folder.resolve("cell.json");
        AtomicFile.write(file, RecordJson.write(cell));
        assertThat(Files.readString(file)).contains("\"loss\" : \"NaN\"", "\"loss\" : \"Infinity\"", "\"-Infinity\"");
        assertThat(RecordJson.read(file, ComparisonCell.class)).isEqualTo(cell);
    }

    /** Others read this document by script: these names are a contract. */
    @Test
    void theDocumentHasThePromisedNames() throws IOException {
        Comparison comparison = ExampleComparison.finished(List.of("cot"));
        JsonNode document =
                new JsonMapper().readTree(new ComparisonReport(comparison, ReferenceTable.none(), List.of()).toJson());
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly(
                        "plan", "settings", "provenance", "otherProvenances", "differences", "learnt", "cells");
        JsonNode cell = document.get("cells").get(0);
        assertThat(cell.fieldNames())
                .toIterable()
                .containsExactly(
                        "task",
                        "encoding",
                        "seed",
                        "idAccuracy",
                        "oodAccuracy",
                        "accuracyByPosition",
                        "trainTokensPerSecond",
                        "wallSeconds",
                        "parametersHash",
                        "dataHash",
                        "software",
                        "trainingCurve",
                        "validationCurve");
        assertThat(cell.get("seed").isIntegralNumber()).isTrue();
        assertThat(cell.get("accuracyByPosition")).hasSize(256);
        assertThat(cell.get("oodAccuracy").doubleValue()).isBetween(0.0, 1.0);
        JsonNode difference = document.at("/differences/0");
        assertThat(difference.fieldNames())
                .toIterable()
                .containsExactly(
                        "task",
                        "encoding",
                        "baseline",
                        "accuracy",
                        "mean",
                        "low",
                        "high",
                        "pairs",
                        "better",
                        "worse",
                        "learnt",
                        "verdict");
        assertThat(document.at("/learnt/0").fieldNames())
                .toIterable()
                .containsExactly("task", "encoding", "learnt", "models", "idAccuracyFrom");
    }

    @Test
    void differencesHaveTheirIntervalInFractionsAndTheirVerdict() throws IOException {
        ComparisonPlan plan = new ComparisonPlan(
                List.of("cot"), Encodings.encodings("rope", "resonance-rope", "yarn"), List.of(1L, 2L), 64, 256, 4);
        Comparison comparison = ExampleComparison.of(
                plan,
                List.of(
                        ExampleComparison.cell("cot", encoding("rope"), 1, 0.50),
                        ExampleComparison.cell("cot", encoding("rope"), 2, 0.60),
                        ExampleComparison.cell("cot", encoding("resonance-rope"), 1, 0.591),
                        ExampleComparison.cell("cot", encoding("resonance-rope"), 2, 0.689),
                        ExampleComparison.cell("cot", encoding("yarn"), 2, 0.40)));
        JsonNode document =
                new JsonMapper().readTree(new ComparisonReport(comparison, ReferenceTable.none(), List.of()).toJson());
        JsonNode decided = document.at("/differences/0");
        assertThat(decided.get("encoding").textValue()).isEqualTo("resonance-rope");
        assertThat(decided.get("baseline").textValue()).isEqualTo("rope");
        assertThat(decided.get("accuracy").textValue()).isEqualTo("ood");
        assertThat(decided.get("mean").doubleValue()).isCloseTo(0.09, within(1e-12));
        // Standard error 0.001, and t is 12.706 with one degree of freedom.
        assertThat(decided.get("low").doubleValue()).isCloseTo(0.077294, within(1e-6));
        assertThat(decided.get("high").doubleValue()).isCloseTo(0.102706, within(1e-6));
        assertThat(decided.get("pairs").intValue()).isEqualTo(2);
        assertThat(decided.get("learnt").intValue()).isEqualTo(2);
        assertThat(decided.get("verdict").textValue()).isEqualTo("better");
        assertThat(document.at("/differences/1/accuracy").textValue()).isEqualTo("id");
        assertThat(document.at("/differences/1/verdict").textValue()).isEqualTo("undecided");
        JsonNode single = document.at("/differences/2");
        assertThat(single.get("encoding").textValue()).isEqualTo("yarn");
        assertThat(single.get("low").isNull()).isTrue();
        assertThat(single.get("high").isNull()).isTrue();
        assertThat(single.get("pairs").intValue()).isEqualTo(1);
        assertThat(single.get("verdict").textValue()).isEqualTo("undecided");
        assertThat(document.at("/learnt/2/models").intValue()).isEqualTo(1);
    }

    @Test
    void refusesAnUnknownKeyByNameAndPlace() throws IOException {
        Path file = changed("\"loss\" : 0.5", "\"loss\" : 0.5, \"lost\" : 1");
        assertThatThrownBy(() -> RecordJson.read(file, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(file + ": trainingCurve[0].lost is unknown; known: [learningRate, loss, step]");
    }

    @Test
    void refusesAMissingKey() throws IOException {
        Path file = changed("\"dataHash\" : \"b\",", "");
        assertThatThrownBy(() -> RecordJson.read(file, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(file + ": dataHash: Missing creator property 'dataHash' (index 9)");
    }

    @Test
    void refusesARepeatedKey() throws IOException {
        Path file = changed("\"dataHash\" : \"b\"", "\"dataHash\" : \"b\", \"dataHash\" : \"c\"");
        assertThatThrownBy(() -> RecordJson.read(file, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageContaining("Duplicate field 'dataHash'");
    }

    @Test
    void refusesNullAndNumbersWrittenAsText() throws IOException {
        Path absent = changed("\"task\" : \"cot\"", "\"task\" : null");
        assertThatThrownBy(() -> RecordJson.read(absent, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(absent + ": task: Null value for creator property 'task'");
        Path text = changed("\"seed\" : 7", "\"seed\" : \"7\"");
        assertThatThrownBy(() -> RecordJson.read(text, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(text + ": seed: Cannot coerce String value (\"7\")");
        Path hole = changed("[ 0.25, 0.5 ]", "[ 0.25, null ]");
        assertThatThrownBy(() -> RecordJson.read(hole, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(hole + ": ");
    }

    @Test
    void refusesAnEncodingThatIsUnknown() throws IOException {
        Path file = changed("\"encoding\" : \"rope\"", "\"encoding\" : \"resonance-yarm\"");
        assertThatThrownBy(() -> RecordJson.read(file, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(file + ": encoding 'resonance-yarm' is unknown; known: none, linear, ")
                .hasMessageEndingWith("did you mean 'resonance-yarn'?");
    }

    @Test
    void refusesValuesTheRecordRefuses() throws IOException {
        Path file = changed("\"oodAccuracy\" : 0.5", "\"oodAccuracy\" : 50");
        assertThatThrownBy(() -> RecordJson.read(file, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(file + ": oodAccuracy must be a fraction from 0 to 1, was 50.0 (cell cot / rope / seed 7)");
    }

    @Test
    void refusesAFileThatWasCutOffOrGoesOn() throws IOException {
        Path whole = changed("", "");
        String json = Files.readString(whole);
        Path cut = Files.writeString(folder.resolve("cut.json"), json.substring(0, json.length() / 2));
        assertThatThrownBy(() -> RecordJson.read(cut, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(cut + ": ")
                .hasMessageContaining("Unexpected end");
        Path twice = Files.writeString(folder.resolve("twice.json"), json + json);
        assertThatThrownBy(() -> RecordJson.read(twice, ComparisonCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(twice + ": ")
                .hasMessageContaining("Trailing token");
    }

    private Path changed(String from, String to) throws IOException {
        String json = RecordJson.write(new ComparisonCell(
                "cot",
                encoding("rope"),
                7,
                0.75,
                0.5,
                List.of(0.25, 0.5),
                10,
                1,
                "a",
                "b",
                "c",
                List.of(new TrainingPoint(1, 0.5, 1e-3)),
                List.of()));
        assertThat(json).contains(from);
        return Files.writeString(folder.resolve("cell.json"), from.isEmpty() ? json : json.replace(from, to));
    }
}
