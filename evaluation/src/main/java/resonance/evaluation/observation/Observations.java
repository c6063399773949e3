package resonance.evaluation.observation;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.ScoredTokens;
import resonance.evaluation.extension.ExtensionCell;
import resonance.evaluation.extension.ExtensionPlan;
import resonance.evaluation.passkey.PasskeyPlan;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.perplexity.LossByPosition;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityPlan;
import resonance.evaluation.perplexity.WindowLosses;
import resonance.evaluation.search.SearchCell;
import resonance.evaluation.search.SearchPlan;
import resonance.evaluation.sidebyside.NamedFolder;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.evaluation.task.study.TaskAnswer;
import resonance.evaluation.task.study.TaskPlan;
import resonance.evaluation.task.study.TaskReport;
import resonance.rope.EncodingName;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;
import resonance.study.Provenance;
import resonance.study.RecordFiles;
import resonance.study.RecordFiles.RecordFile;
import resonance.study.RecordJson;

/**
 * Every measured value in the records of some folders, finished studies or not.
 *
 * <p>Several rows of one record say the same in parts: {@link Metric#LOSS} is the mean of {@link Metric#LOSS_BY_POSITION} and of {@link
 * Metric#LOSS_BY_WINDOW}, weighted by {@link Column#N}; a query takes one metric. What was not measured has no row.
 */
public final class Observations {
    /** A setting's number may be followed by where it came from: "4 (longest length / trained length)". */
    private static final Pattern LEADING_NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");

    private final List<Source> sources;
    private final List<RecordFiles> files;

    /** @param files of each source */
    Observations(List<Source> sources, List<RecordFiles> files) {
        this.sources = List.copyOf(sources);
        this.files = List.copyOf(files);
    }

    /** Takes rows one by one. */
    public interface Sink {
        /** One more row. */
        void take(Observation row) throws IOException;
    }

    /** Of these folders, in their order. */
    public static Observations of(List<Source> sources) throws IOException {
        List<RecordFiles> files = new ArrayList<>();
        for (Source source : sources) {
            files.add(RecordFiles.in(source.folder().folder()));
        }
        return new Observations(sources, files);
    }

    /** Hands out every row: folder by folder, record by record in the order of the plan. */
    public void forEach(Sink sink) throws IOException {
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            Observation study = ofStudy(source);
            for (FinishedCell<?> cell : source.report().records().cells()) {
                Observation record = ofRecord(study, cell);
                Optional<RecordFile> file = files.get(i).of(cell.specification());
                if (file.isPresent()) {
                    record = record.with(Column.RECORD, file.get().name())
                            .with(Column.RECORD_SHA256, file.get().sha256());
                }
                rows(source, cell, record, sink);
            }
        }
    }

    private static Observation ofStudy(Source source) {
        NamedFolder folder = source.folder();
        Map<String, String> settings = source.report().records().settings();
        Observation study = Observation.NOTHING
                .with(Column.FOLDER, folder.folder().toString())
                .with(Column.NAME, folder.name())
                .with(Column.TRAINING, folder.seed())
                .with(Column.PRECISION, settings.getOrDefault("precision", ""))
                .with(Column.DEVICE, settings.getOrDefault("device", ""))
                .with(Column.SCALING_PHASE, settings.getOrDefault("scaling-phase", ""));
        OptionalDouble factor = leadingNumber(settings.getOrDefault("factor", ""));
        if (factor.isPresent()) {
            study = study.with(Column.FACTOR, factor.getAsDouble());
        }
        return ofPlan(study, source.report().records().plan());
    }

    private static Observation ofPlan(Observation study, Object plan) {
        if (plan instanceof PerplexityPlan perplexity) {
            return of(study, perplexity.model())
                    .with(Column.PROTOCOL, perplexity.protocol().text());
        }
        if (plan instanceof PasskeyPlan passkey) {
            return of(study, passkey.model()).with(Column.SEED, passkey.seed());
        }
        if (plan instanceof TaskPlan tasks) {
            return of(study, tasks.model())
                    .with(Column.SUITE, tasks.suite())
                    .with(Column.PROMPT_STYLE, tasks.style().word());
        }
        if (plan instanceof ExtensionPlan extension) {
            return of(study, extension.model())
                    .with(Column.LENGTH, extension.length())
                    .with(Column.PROTOCOL, ExtensionPlan.PROTOCOL.text());
        }
        if (plan instanceof SearchPlan search) {
            return of(study, search.model())
                    .with(Column.LENGTH, search.length())
                    .with(Column.PROTOCOL, ExtensionPlan.PROTOCOL.text());
        }
        if (plan instanceof ComparisonPlan comparison) {
            return study.with(Column.TRAINED_LENGTH, comparison.trainedLength())
                    .with(Column.LENGTH, comparison.testLength());
        }
        return study;
    }

    private static Observation of(Observation study, MeasuredModel model) {
        return study.with(Column.MODEL, model.name())
                .with(Column.MODEL_SHA256, model.sha256())
                .with(Column.TRAINED_LENGTH, model.trainedLength());
    }

    private static Observation ofRecord(Observation study, FinishedCell<?> cell) {
        CellSpecification specification = cell.specification();
        Map<String, String> values = specification.values();
        Observation record = study.with(Column.KIND, specification.kind())
                .with(Column.SPECIFICATION, RecordJson.writeLine(values))
                .with(Column.FREQUENCIES, values.getOrDefault("frequencies", ""));
        record = whole(record, Column.THREADS, values.get("threads"));
        Provenance run = cell.madeBy();
        return started(record, run.date())
                .with(Column.PROCESSOR, run.processor())
                .with(Column.CORES, run.cores())
                .with(Column.OPERATING_SYSTEM, run.operatingSystem())
                .with(Column.JAVA_VERSION, run.javaVersion())
                .with(Column.LIBTORCH_VERSION, run.libTorchVersion())
                .with(Column.SOFTWARE_VERSION, run.softwareVersion())
                .with(Column.GIT_COMMIT, run.gitCommit());
    }

    private static Observation started(Observation record, String date) {
        try {
            return record.with(Column.STARTED, Instant.parse(date));
        } catch (DateTimeException noDate) {
            return record; // the record's word stands; a row without it is still a row
        }
    }

    private static Observation whole(Observation row, Column column, @Nullable String text) {
        return text != null && WHOLE.matcher(text).matches() ? row.with(column, Long.parseLong(text)) : row;
    }

    private static OptionalDouble leadingNumber(String text) {
        Matcher number = LEADING_NUMBER.matcher(text);
        return number.lookingAt() ? OptionalDouble.of(Double.parseDouble(number.group())) : OptionalDouble.empty();
    }

    private static void rows(Source source, FinishedCell<?> finished, Observation record, Sink sink)
            throws IOException {
        Object result = finished.result();
        if (result instanceof PerplexityCell cell) {
            ofText(source, cell, record, sink);
        } else if (result instanceof PasskeyTrial trial) {
            ofTrial(trial, record, sink);
        } else if (result instanceof TaskAnswer answer && source.report() instanceof TaskReport tasks) {
            ofAnswer(tasks, answer, record, sink);
        } else if (result instanceof ComparisonCell cell) {
            ofTraining(cell, finished.specification().values(), record, sink);
        } else if (result instanceof ExtensionCell cell) {
            ofExtension(source, cell, record, sink);
        } else if (result instanceof SearchCell cell) {
            ofSearch(source, cell, record, sink);
        }
    }

    private static Observation encoded(Observation row, EncodingName encoding) {
        return row.with(Column.ENCODING, encoding.toString())
                .with(Column.METHOD, encoding.method().name())
                .with(Column.RESONANCE, encoding.resonance())
                .with(Column.PERIODS, encoding.rounding().toString());
    }

    private static Observation measured(Observation row, Metric metric, double value) {
        return row.with(Column.METRIC, metric.word()).with(Column.VALUE, value).with(Column.UNIT, metric.unit());
    }

    private static Observation measured(Observation row, Metric metric, double value, long n) {
        return measured(row, metric, value).with(Column.N, n);
    }

    private static void ofText(Source source, PerplexityCell cell, Observation record, Sink sink) throws IOException {
        Observation row = encoded(record, cell.encoding())
                .with(Column.LENGTH, cell.length())
                .with(Column.DOCUMENT, cell.document())
                .with(Column.DOCUMENT_SHA256, sha256(source, cell.document()))
                .with(Column.SECONDS, cell.seconds());
        sink.take(measured(row, Metric.LOSS, cell.tokens().mean(), cell.tokens().count()));
        sink.take(measured(
                row, Metric.WINDOW_LOSS, cell.windows().mean(), cell.windows().count()));
        sink.take(measured(row, Metric.TOKENS_PER_SECOND, cell.tokensRead() / cell.seconds(), cell.tokensRead()));
        LossByPosition byPosition = cell.lossByPosition();
        for (int bucket = 0; bucket < byPosition.buckets(); bucket++) {
            long scored = byPosition.counts().get(bucket);
            if (scored > 0) {
                sink.take(measured(row, Metric.LOSS_BY_POSITION, byPosition.mean(bucket), scored)
                        .with(Column.POSITION, byPosition.from(bucket))
                        .with(Column.POSITION_END, byPosition.to(bucket)));
            }
        }
        for (int window = 0; window < cell.windowLosses().size(); window++) {
            WindowLosses losses = cell.windowLosses().get(window);
            sink.take(measured(row, Metric.LOSS_BY_WINDOW, losses.mean(), losses.scored())
                    .with(Column.WINDOW, window));
        }
    }

    private static String sha256(Source source, String document) {
        Object plan = source.report().records().plan();
        List<MeasuredDocument> documents = List.of();
        if (plan instanceof PerplexityPlan perplexity) {
            documents = perplexity.documents();
        } else if (plan instanceof ExtensionPlan extension) {
            documents = extension.documents();
        } else if (plan instanceof SearchPlan search) {
            documents = search.documents();
        }
        return documents.stream()
                .filter(known -> known.name().equals(document))
                .map(MeasuredDocument::sha256)
                .findFirst()
                .orElse("");
    }

    private static void ofTrial(PasskeyTrial trial, Observation record, Sink sink) throws IOException {
        Observation row = encoded(record, trial.encoding())
                .with(Column.LENGTH, trial.length())
                .with(Column.DEPTH, trial.depth())
                .with(Column.TRIAL, trial.trial())
                .with(Column.SECONDS, trial.seconds());
        sink.take(measured(row, Metric.CORRECT, trial.correct() ? 1 : 0, 1));
        ofKey(row, trial.keyLoss(), sink);
    }

    private static void ofKey(Observation row, double loss, Sink sink) throws IOException {
        if (!Double.isNaN(loss)) {
            sink.take(measured(row, Metric.KEY_LOSS, loss, 1));
        }
    }

    private static void ofAnswer(TaskReport report, TaskAnswer answer, Observation record, Sink sink)
            throws IOException {
        Observation row = encoded(record, answer.encoding())
                .with(Column.LENGTH, answer.length())
                .with(Column.TASK, answer.task())
                .with(Column.QUESTION, answer.question())
                .with(Column.SECONDS, answer.seconds());
        double score = report.results().suite().scoring(answer.task()).score(answer.reference(), answer.answers());
        sink.take(measured(row, Metric.SCORE, 100 * score, 1));
        long tokens = answer.written().stream()
                .mapToLong(TaskAnswer.Written::lossTokens)
                .sum();
        if (tokens > 0) {
            sink.take(measured(row, Metric.ANSWER_LOSS, answer.loss(), tokens));
        }
    }

    private static void ofTraining(
            ComparisonCell cell, Map<String, String> specification, Observation record, Sink sink) throws IOException {
        Observation row = encoded(record, cell.encoding())
                .with(Column.TASK, cell.task())
                .with(Column.SEED, cell.seed())
                .with(Column.SECONDS, cell.wallSeconds());
        boolean everyTokenCounts = ScoredTokens.of(cell.task()).isEmpty();
        if (everyTokenCounts) { // other tasks have a vocabulary of their own
            row = whole(row, Column.MODULUS, specification.get("modulus"));
        }
        Observation tested = whole(row, Column.N, specification.get("test"));
        sink.take(measured(tested, Metric.ACCURACY_OOD, cell.oodAccuracy()));
        sink.take(measured(tested, Metric.ACCURACY_ID, cell.idAccuracy()));
        sink.take(measured(row, Metric.TOKENS_PER_SECOND, cell.trainTokensPerSecond()));
        for (int position = 0; position < cell.accuracyByPosition().size(); position++) {
            double accuracy = cell.accuracyByPosition().get(position);
            if (!Double.isNaN(accuracy)) { // where no sequence has a token that counts
                // Else only some sequences have a token that counts there, and the record doesn't say how many.
                sink.take(measured(everyTokenCounts ? tested : row, Metric.ACCURACY_BY_POSITION, accuracy)
                        .with(Column.POSITION, position)
                        .with(Column.POSITION_END, position + 1L));
            }
        }
        for (ComparisonCell.TrainingPoint point : cell.trainingCurve()) {
            sink.take(measured(row, Metric.TRAINING_LOSS, point.loss()).with(Column.STEP, point.step()));
        }
        for (ComparisonCell.ValidationPoint point : cell.validationCurve()) {
            Observation after = row.with(Column.STEP, point.step());
            sink.take(measured(after, Metric.VALIDATION_LOSS, point.loss()));
            sink.take(measured(after, Metric.VALIDATION_ACCURACY_OOD, point.oodAccuracy()));
            sink.take(measured(after, Metric.VALIDATION_ACCURACY_ID, point.idAccuracy()));
        }
    }

    private static void ofExtension(Source source, ExtensionCell cell, Observation record, Sink sink)
            throws IOException {
        Observation row = encoded(record, cell.key().encoding())
                .with(Column.FACTOR, cell.key().factor())
                .with(Column.STAGE, cell.key().measure().kind().word())
                .with(Column.PIECE, cell.key().measure().number());
        if (cell.measured() instanceof ExtensionCell.OfText text) {
            ofText(source, text.cell(), row, sink);
        } else if (cell.measured() instanceof ExtensionCell.OfNeedle needle) {
            PasskeyTrial trial = needle.trial();
            ofKey(
                    row.with(Column.LENGTH, trial.length())
                            .with(Column.DEPTH, trial.depth())
                            .with(Column.SECONDS, trial.seconds()),
                    trial.keyLoss(),
                    sink);
        }
    }

    private static void ofSearch(Source source, SearchCell cell, Observation record, Sink sink) throws IOException {
        Observation row = encoded(record, cell.key().contender().encoding())
                .with(Column.FACTOR, cell.key().contender().factor())
                .with(Column.PROPOSAL, cell.key().contender().proposal())
                .with(Column.STAGE, cell.key().stage().word())
                .with(Column.SECONDS, cell.measured().seconds());
        if (cell.measured() instanceof SearchCell.OfTexts texts) {
            for (int piece = 0; piece < texts.cells().size(); piece++) {
                ofText(source, texts.cells().get(piece), row.with(Column.PIECE, number(cell, piece)), sink);
            }
        } else if (cell.measured() instanceof SearchCell.OfNeedles needles) {
            for (int needle = 0; needle < needles.losses().size(); needle++) {
                ofKey(
                        row.with(Column.PIECE, number(cell, needle)),
                        needles.losses().get(needle),
                        sink);
            }
        }
    }

    /** A record of a stage is one of several, or has several things. */
    private static long number(SearchCell cell, int within) {
        return cell.key().number() + (long) within;
    }
}
