package resonance.evaluation.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encodings;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.evaluation.passkey.ExamplePasskey;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.passkey.PasskeyResults;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.perplexity.ExamplePerplexity;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.evaluation.report.Report;
import resonance.evaluation.sidebyside.NamedFolder;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.evaluation.task.study.ExampleTasks;
import resonance.evaluation.task.study.TaskAnswer;
import resonance.evaluation.task.study.TaskReport;
import resonance.evaluation.task.study.TaskResults;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;
import resonance.study.RecordFiles;
import resonance.study.StudyRecords;

class ObservationsTest {
    private static List<Observation> rows(NamedFolder folder, Report report) throws IOException {
        List<Observation> rows = new ArrayList<>();
        new Observations(List.of(new Source(folder, report)), List.of(RecordFiles.NONE)).forEach(rows::add);
        return rows;
    }

    private static List<Observation> rows(Report report) throws IOException {
        return rows(new NamedFolder("", "", Path.of("runs", "example")), report);
    }

    private static List<Observation> of(List<Observation> rows, Metric metric) {
        return rows.stream()
                .filter(row -> metric.word().equals(row.get(Column.METRIC)))
                .toList();
    }

    private static double value(Observation row) {
        return number(row.get(Column.VALUE));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Test
    void aTextHasItsLossesWholeByPositionAndByWindow() throws IOException {
        PerplexityResults results = ExamplePerplexity.of(ExamplePerplexity.plan(), 4);
        List<Observation> rows =
                rows(new NamedFolder("mine", "3", Path.of("runs", "p")), new PerplexityReport(results));
        PerplexityCell last = results.records().results().get(3);
        List<Observation> losses = of(rows, Metric.LOSS);
        assertThat(losses).hasSize(4);
        Observation loss = losses.get(3);
        assertThat(value(loss)).isEqualTo(last.tokens().mean());
        assertThat(loss.get(Column.N)).isEqualTo(last.tokens().count());
        assertThat(loss.get(Column.UNIT)).isEqualTo("token");
        assertThat(loss.get(Column.NAME)).isEqualTo("mine");
        assertThat(loss.get(Column.TRAINING)).isEqualTo("3");
        assertThat(loss.get(Column.MODEL)).isEqualTo("little-prose-3M");
        assertThat(loss.get(Column.ENCODING)).isEqualTo(last.encoding().toString());
        assertThat(loss.get(Column.DOCUMENT)).isEqualTo(last.document());
        assertThat(loss.get(Column.DOCUMENT_SHA256))
                .isEqualTo(results.plan().documents().stream()
                        .filter(document -> document.name().equals(last.document()))
                        .findFirst()
                        .orElseThrow()
                        .sha256());
        assertThat(loss.get(Column.PROTOCOL)).isEqualTo("token");
        assertThat(loss.get(Column.STARTED))
                .isEqualTo(Instant.parse(ExampleComparison.provenance().date()));
        assertThat(Stream.of(Column.TASK, Column.SEED, Column.DEPTH, Column.RECORD, Column.POSITION))
                .allMatch(column -> loss.get(column) == null);
        for (Metric part : List.of(Metric.LOSS_BY_POSITION, Metric.LOSS_BY_WINDOW)) {
            List<Observation> parts = of(rows, part).stream()
                    .filter(row -> last.document().equals(row.get(Column.DOCUMENT))
                            && last.encoding().toString().equals(row.get(Column.ENCODING))
                            && Long.valueOf(last.length()).equals(row.get(Column.LENGTH)))
                    .toList();
            double sum = parts.stream()
                    .mapToDouble(row -> value(row) * number(row.get(Column.N)))
                    .sum();
            assertThat(sum).as(part.word()).isCloseTo(last.tokens().sum(), within(1e-6));
        }
    }

    @Test
    void anEncodingIsToldInParts() throws IOException {
        List<Observation> rows = rows(new PerplexityReport(ExamplePerplexity.finished()));
        Observation rounded = rows.stream()
                .filter(row -> "resonance-yarn".equals(row.get(Column.ENCODING)))
                .findFirst()
                .orElseThrow();
        assertThat(rounded.get(Column.METHOD)).isEqualTo("yarn");
        assertThat(rounded.get(Column.RESONANCE)).isEqualTo(true);
        assertThat(rounded.get(Column.PERIODS)).isEqualTo("whole");
        Observation plain = rows.get(0);
        assertThat(plain.get(Column.METHOD)).isEqualTo("none");
        assertThat(plain.get(Column.RESONANCE)).isEqualTo(false);
        assertThat(plain.get(Column.PERIODS)).isNull();
        assertThat(plain.get(Column.FACTOR)).isEqualTo(8.0);
    }

    @Test
    void aHiddenNumberIsFoundOrNotAtItsPlace() throws IOException {
        PasskeyResults results = ExamplePasskey.of(ExamplePasskey.plan(), 90);
        List<Observation> rows = rows(new PasskeyReport(results));
        List<PasskeyTrial> trials = results.records().results();
        List<Observation> correct = of(rows, Metric.CORRECT);
        assertThat(correct.stream().map(ObservationsTest::value))
                .containsExactlyElementsOf(trials.stream()
                        .map(trial -> trial.correct() ? 1.0 : 0.0)
                        .toList());
        assertThat(of(rows, Metric.KEY_LOSS).stream().map(ObservationsTest::value))
                .containsExactlyElementsOf(
                        trials.stream().map(PasskeyTrial::keyLoss).toList());
        Observation last = correct.get(89);
        assertThat(last.get(Column.DEPTH)).isEqualTo(trials.get(89).depth());
        assertThat(last.get(Column.TRIAL)).isEqualTo((long) trials.get(89).trial());
        assertThat(last.get(Column.SEED)).isEqualTo(7L);
    }

    @Test
    void aQuestionHasItsScoreAndTheLossOfItsRightAnswers() throws IOException {
        TaskResults results = ExampleTasks.finished();
        List<Observation> rows = rows(new TaskReport(results));
        List<TaskAnswer> answers = results.records().results();
        List<Observation> scores = of(rows, Metric.SCORE);
        assertThat(scores).hasSameSizeAs(answers);
        assertThat(scores.stream()
                        .filter(row -> "coursera".equals(row.get(Column.TASK))
                                && "yarn".equals(row.get(Column.ENCODING))
                                && Long.valueOf(512).equals(row.get(Column.LENGTH)))
                        .mapToDouble(ObservationsTest::value)
                        .average()
                        .orElseThrow())
                .isCloseTo(
                        results.score(
                                        answers.stream()
                                                .filter(answer -> answer.encoding()
                                                        .toString()
                                                        .equals("yarn"))
                                                .findFirst()
                                                .orElseThrow()
                                                .encoding(),
                                        512,
                                        "coursera")
                                .orElseThrow()
                                .score(),
                        within(0.01));
        assertThat(of(rows, Metric.ANSWER_LOSS).stream().map(ObservationsTest::value))
                .containsExactlyElementsOf(
                        answers.stream().map(TaskAnswer::loss).toList());
        assertThat(scores.get(0).get(Column.SUITE)).isEqualTo("leval");
        assertThat(scores.get(0).get(Column.PROMPT_STYLE)).isEqualTo("plain");
    }

    @Test
    void aTrainingHasAccuraciesAndCurves() throws IOException {
        Comparison comparison = ExampleComparison.finished(List.of("cot"));
        List<Observation> rows = rows(new ComparisonReport(comparison, ReferenceTable.none(), List.of()));
        ComparisonCell first = comparison.cells().get(0);
        assertThat(of(rows, Metric.ACCURACY_OOD)).hasSize(12);
        assertThat(of(rows, Metric.ACCURACY_OOD).stream().map(ObservationsTest::value))
                .startsWith(first.oodAccuracy());
        List<Observation> byPosition = of(rows, Metric.ACCURACY_BY_POSITION).subList(0, 256);
        assertThat(byPosition.stream().map(ObservationsTest::value))
                .containsExactlyElementsOf(first.accuracyByPosition());
        assertThat(byPosition.get(255).get(Column.POSITION)).isEqualTo(255L);
        assertThat(byPosition.get(255).get(Column.POSITION_END)).isEqualTo(256L);
        assertThat(of(rows, Metric.TRAINING_LOSS).get(0).get(Column.STEP)).isEqualTo(1L);
        assertThat(of(rows, Metric.VALIDATION_LOSS)).hasSize(12 * 10);
        assertThat(of(rows, Metric.ACCURACY_OOD).get(0).get(Column.SEED)).isEqualTo(first.seed());
    }

    @Test
    void aPositionWhereNoTokenCountsHasNoAccuracy() throws IOException {
        ComparisonPlan plan =
                new ComparisonPlan(List.of("cot"), ExampleComparison.ENCODINGS.subList(0, 1), List.of(1L), 64, 256, 4);
        List<Double> second = new ArrayList<>(Collections.nCopies(256, 0.75)); // only every second position counts
        for (int position = 0; position < 256; position += 2) {
            second.set(position, Double.NaN);
        }
        ComparisonCell whole = ExampleComparison.learner(256, "rope", 1, 1);
        ComparisonCell cell = new ComparisonCell(
                "cot",
                whole.encoding(),
                1,
                whole.idAccuracy(),
                whole.oodAccuracy(),
                second,
                1000,
                2,
                "",
                "",
                "",
                List.of(),
                List.of());
        List<Observation> rows =
                rows(new ComparisonReport(ExampleComparison.of(plan, List.of(cell)), ReferenceTable.none(), List.of()));
        assertThat(of(rows, Metric.ACCURACY_BY_POSITION))
                .hasSize(128)
                .allMatch(row -> value(row) == 0.75)
                .first()
                .satisfies(row -> assertThat(row.get(Column.POSITION)).isEqualTo(1L));
    }

    /** Its record has the modulus of the study's other tasks, and does not say how many sequences a position is the mean of. */
    @Test
    void aTaskOfAnswersHasNoModulusAndAPositionOfItNoNumberOfSequences() throws IOException {
        ComparisonPlan plan = new ComparisonPlan(List.of("cot", "mqar"), encodings("rope"), List.of(1L), 64, 256, 4);
        CellSpecification specification =
                new CellSpecification("posgen-compare", Map.of("modulus", "17", "test", "500"));
        Comparison comparison = new Comparison(new StudyRecords<>(
                plan,
                Map.of(),
                ExampleComparison.provenance(),
                plan.cells().stream()
                        .map(key -> new FinishedCell<>(
                                specification,
                                ExampleComparison.provenance(),
                                ExampleComparison.cell(key.task(), key.encoding(), key.seed(), 0.5)))
                        .toList()));
        List<Observation> rows = rows(new ComparisonReport(comparison, ReferenceTable.none(), List.of()));
        assertThat(of(rows, Metric.ACCURACY_OOD))
                .extracting(row -> row.get(Column.TASK), row -> row.get(Column.MODULUS), row -> row.get(Column.N))
                .containsExactly(tuple("cot", 17L, 500L), tuple("mqar", null, 500L));
        assertThat(of(rows, Metric.ACCURACY_BY_POSITION))
                .extracting(row -> row.get(Column.TASK), row -> row.get(Column.N))
                .containsOnly(tuple("cot", 500L), tuple("mqar", null));
    }

    @Test
    void namesAreOfTheirKindAndNoneIsTwice() {
        assertThat(Stream.of(Column.values()).map(Column::word))
                .allMatch(word -> word.matches("[a-z]+[a-z0-9]*(_[a-z0-9]+)*"))
                .doesNotHaveDuplicates();
        assertThat(Collections.disjoint(
                        Stream.of(Metric.values()).map(Metric::word).toList(),
                        Stream.of(Column.values()).map(Column::word).toList()))
                .isTrue();
    }
}
