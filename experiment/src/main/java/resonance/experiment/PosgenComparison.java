package resonance.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.evaluation.comparison.RotationAngles;
import resonance.rope.Refusal;
import resonance.study.CellSpecification;
import resonance.study.Job;
import resonance.study.JobContext;
import resonance.study.PlannedCell;
import resonance.study.Study;
import resonance.transformer.tensor.ForwardWork;
import resonance.transformer.tensor.ProductWork;
import resonance.transformer.tensor.WorkSpeed;

/**
 * The paper's main experiment as a study: a cell is a task, an encoding and a seed.
 *
 * <p>Encodings that train alike share one training: with {@link EncodingSettings.ScalingPhase#EVALUATION} all scalings of
 * plain RoPE do, and all with Resonance; what does not rotate is trained by itself. The checkpoint of a training is that of the cell whose encoding is trained with,
 * planned or not.
 */
public final class PosgenComparison implements Study<CellKey, ComparisonCell>, ProductWork {
    /** Time between two checkpoints of a running cell unless another is asked for. */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(30);

    /** What this kind of study is called. */
    public static final String KIND = "posgen-compare";

    /** Of the speed of bare products, as docs/studies.md has it. */
    private static final double SHARE = 0.6;

    /** Training on a token is a pass forward and one backward, which is twice as much work. */
    private static final double TRAINING_WORK = 3;

    private static final int MEASURING = 0;
    private static final int TRAINING = 1;

    private final ComparisonSettings settings;
    private final ReferenceTable reference;
    private final List<RotationAngles> angles;
    private final String software;
    private final Duration checkpointInterval;

    /** Whether a step was taken: the very first loads and compiles code, so its time says nothing about others. */
    private boolean warm;

    /**
     * @param reference published figures for the report to set beside ours
     * @param angles rotation angles for the report
     * @param software version and commit of this build, kept with every cell it trains
     * @param checkpointInterval time between two checkpoints of a running cell, not negative; changes no result
     */
    public PosgenComparison(
            ComparisonSettings settings,
            ReferenceTable reference,
            List<RotationAngles> angles,
            String software,
            Duration checkpointInterval) {
        this.settings = settings;
        this.reference = reference;
        this.angles = List.copyOf(angles);
        this.software = software;
        this.checkpointInterval = checkpointInterval;
        if (checkpointInterval.isNegative()) {
            throw Refusal.of(
                    "checkpointInterval",
                    "must not be negative",
                    "was " + checkpointInterval.toMillis() / 1000.0 + " s");
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public ComparisonReport.Plan plan() {
        return new ComparisonReport.Plan(settings.plan(), reference, angles);
    }

    @Override
    public Map<String, String> settings() {
        return settings.text();
    }

    /** All settings: a folder takes one experiment. Tasks, encodings and seeds may be added to it. */
    @Override
    public Map<String, String> identity() {
        return settings.identity();
    }

    @Override
    public List<PlannedCell<CellKey>> cells() {
        return settings.plan().cells().stream().map(this::cell).toList();
    }

    private PlannedCell<CellKey> cell(CellKey key) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("task", key.task());
        values.put("encoding", key.encoding().toString());
        values.put("seed", String.valueOf(key.seed()));
        values.putAll(settings.identity());
        values.putAll(settings.data().ownOf(key.task()));
        return new PlannedCell<>(
                key, key.task() + "--" + key.encoding() + "--" + key.seed(), new CellSpecification(KIND, values));
    }

    @Override
    public Class<ComparisonCell> resultType() {
        return ComparisonCell.class;
    }

    /** A job a training, a seed at a time, so that an unfinished comparison has whole seeds to compare. */
    @Override
    public List<Job<CellKey, ComparisonCell>> jobs(List<PlannedCell<CellKey>> missing) {
        Map<CellKey, List<PlannedCell<CellKey>>> trainings = new LinkedHashMap<>();
        for (long seed : settings.seeds()) {
            for (PlannedCell<CellKey> cell : missing) {
                if (cell.key().seed() == seed) {
                    trainings
                            .computeIfAbsent(trained(cell.key()), absent -> new ArrayList<>())
                            .add(cell);
                }
            }
        }
        List<Job<CellKey, ComparisonCell>> jobs = new ArrayList<>();
        trainings.forEach((trained, cells) -> jobs.add(new Training(cell(trained), cells)));
        return jobs;
    }

    /** The cell of the encoding that a cell's model is trained with. */
    private CellKey trained(CellKey key) {
        return new CellKey(key.task(), settings.encoding().trained(key.encoding()), key.seed());
    }

    @Override
    public WorkSpeed speed() {
        TrainingPlan training = settings.training();
        return new WorkSpeed(
                KIND, settings.product(), training.precision(), training.threads(), training.device(), SHARE);
    }

    /** One training, and the measurement of every cell that it serves. Work is counted in multiplications with weights. */
    private final class Training implements Job<CellKey, ComparisonCell> {
        private final PlannedCell<CellKey> trained;
        private final List<PlannedCell<CellKey>> cells;
        private final ForwardWork forward;
        private final long steps = settings.stepsPerCell();
        private final long stepsPerValidation =
                steps / settings.training().epochs() * settings.training().validationEvery();
        private final double stepWork;
        private final double validationWork;
        private final double testWork;

        Training(PlannedCell<CellKey> trained, List<PlannedCell<CellKey>> cells) {
            this.trained = trained;
            this.cells = List.copyOf(cells);
            PosgenData data = settings.data();
            forward = ForwardWork.of(settings.model()
                    .decoderConfig(data.task(trained.key().task()).vocabulary()));
            stepWork = TRAINING_WORK * settings.training().batchRows() * forward.of(data.trainLength());
            validationWork = data.validationRows() * forward.of(data.testLength());
            testWork = data.testRows() * forward.of(data.testLength());
        }

        /** Work of training on one token. */
        private double tokenWork() {
            int length = settings.data().trainLength();
            return TRAINING_WORK * forward.of(length) / length;
        }

        @Override
        public String name() {
            return trained.key().task() + " / "
                    + cells.stream()
                            .map(cell -> cell.key().encoding().toString())
                            .collect(Collectors.joining(", ")) + " / seed "
                    + trained.key().seed();
        }

        @Override
        public List<PlannedCell<CellKey>> cells() {
            return cells;
        }

        @Override
        public void plan(Workload workload) {
            workload.add(TRAINING, steps * stepWork);
            workload.add(MEASURING, measuringWork(steps));
        }

        /** Work of the validations up to a step and, after the last, of the tests. */
        private double measuringWork(long step) {
            long validations = step / stepsPerValidation;
            return cells.size() * (validations * validationWork + (step == steps ? testWork : 0));
        }

        @Override
        public void run(JobContext<CellKey, ComparisonCell> context) throws IOException {
            Path checkpoint = context.checkpoint(trained);
            TrainingRun run = new TrainingRun(
                    settings,
                    cells.stream().map(PlannedCell::key).toList(),
                    trained.key().toString(),
                    software,
                    checkpoint,
                    checkpointInterval,
                    new Told(context));
            List<ComparisonCell> finished = run.run(context::stopRequested).orElseThrow(Job.JobStopped::new);
            for (int i = 0; i < cells.size(); i++) {
                context.finished(cells.get(i), finished.get(i));
            }
            Files.deleteIfExists(checkpoint);
        }

        /** Tells the run of the training's progress. */
        private final class Told implements ComparisonListener {
            private final JobContext<CellKey, ComparisonCell> context;
            private String status = "";

            Told(JobContext<CellKey, ComparisonCell> context) {
                this.context = context;
            }

            @Override
            public void noted(String line) {
                context.note(line, true);
            }

            @Override
            public void trainingStarted(List<CellKey> keys, long step) {
                context.note(step > 0 ? "continues after step " + step : "started", step > 0);
                context.skip(TRAINING, step * stepWork, status);
                context.skip(
                        MEASURING,
                        step == steps ? measuringWork(step) - cells.size() * testWork : measuringWork(step),
                        status);
            }

            @Override
            public void stepped(long step, long totalSteps, double loss) {
                OptionalDouble speed = context.speed(TRAINING);
                String rate = speed.isPresent()
                        ? String.format(Locale.ROOT, ", %,.0f tokens/s", speed.getAsDouble() / tokenWork())
                        : "";
                status = String.format(Locale.ROOT, "step %d/%d, loss %.4f%s", step, totalSteps, loss, rate);
                if (warm) {
                    context.did(TRAINING, stepWork, status);
                } else {
                    context.skip(TRAINING, stepWork, status);
                }
                warm = true;
                if (step == totalSteps) {
                    status = "testing after " + status;
                    context.showNow(status);
                }
            }

            @Override
            public void validated(CellKey cell, ComparisonCell.ValidationPoint point) {
                context.did(MEASURING, validationWork, status);
            }

            @Override
            public void tested(CellKey cell) {
                context.did(MEASURING, testWork, status);
            }
        }
    }
}
