package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.passkey.PasskeyAnswer;
import resonance.evaluation.passkey.PasskeyKey;
import resonance.evaluation.passkey.PasskeyPlan;
import resonance.evaluation.passkey.PasskeyTask;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.rope.ScalingSettings;
import resonance.study.CellSpecification;
import resonance.study.Job;
import resonance.study.JobContext;
import resonance.study.PlannedCell;
import resonance.study.Study;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.ProductWork;
import resonance.transformer.tensor.WorkSpeed;

/**
 * Measures how well a model finds a number hidden in a long text, at every length and depth and with every encoding.
 *
 * <p>Every encoding gets the same prompts. An answer is generated greedily; the loss of the key's own tokens is measured
 * from the same reading of the prompt. A cell is one trial, specified by everything that can change it, as in {@link
 * PerplexityStudy}.
 */
public final class PasskeyStudy implements Study<PasskeyKey, PasskeyTrial>, ProductWork {
    /** What this kind of study is called. */
    public static final String KIND = "passkey";

    /** Of the speed of bare products, as docs/studies.md has it. */
    private static final double SHARE = 0.7;

    private final LanguageModel model;
    private final MeasuredEncodings encodings;
    private final PasskeyPlan plan;
    private final Map<PasskeyKey, PasskeyTask> tasks;
    private final ReadingCost cost;
    private @Nullable PasskeyQuestion last;

    /**
     * @param softwareVersion version of this software, part of what tells trials apart
     * @throws IllegalArgumentException if a length is too short for the bare prompt, or an encoding refuses its settings
     */
    public PasskeyStudy(LanguageModel model, PasskeySettings settings, String softwareVersion) {
        this.model = model;
        this.encodings = new MeasuredEncodings(
                model,
                settings.encodings(),
                settings.lengths(),
                settings.factor(),
                settings.placement(),
                settings.rope(),
                softwareVersion);
        this.plan = new PasskeyPlan(
                encodings.model(),
                settings.encodings(),
                settings.lengths(),
                settings.depths(),
                settings.trials(),
                settings.seed());
        this.cost = ReadingCost.of(model.description());
        this.tasks = plan.cells();
        for (PasskeyTask task : plan.tasks()) {
            if (task.length() == settings.lengths().get(0)) {
                PasskeyQuestion.of(task, model.tokenizer()); // refuses a length that is too short
            }
        }
    }

    private PlannedCell<PasskeyKey> cell(PasskeyKey key, PasskeyTask task) {
        return new PlannedCell<>(
                key,
                key.length() + "--" + key.depth() + "--" + key.trial() + "--" + key.encoding(),
                new CellSpecification(KIND, identity(key, task)));
    }

    private Map<String, String> identity(PasskeyKey key, PasskeyTask task) {
        Map<String, String> identity = encodings.identity(key.encoding(), key.length());
        identity.put("depth", String.valueOf(key.depth()));
        identity.put("trial", String.valueOf(key.trial()));
        identity.put("key", String.valueOf(task.key()));
        return identity;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public PasskeyPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> settings() {
        return encodings.settingsText();
    }

    @Override
    public List<PlannedCell<PasskeyKey>> cells() {
        List<PlannedCell<PasskeyKey>> cells = new ArrayList<>();
        tasks.forEach((key, task) -> cells.add(cell(key, task)));
        return cells;
    }

    /** A job a trial, short lengths first; encodings of one task follow each other and share its prompt. */
    @Override
    public List<Job<PasskeyKey, PasskeyTrial>> jobs(List<PlannedCell<PasskeyKey>> missing) {
        return missing.stream().<Job<PasskeyKey, PasskeyTrial>>map(Trial::new).toList();
    }

    @Override
    public Class<PasskeyTrial> resultType() {
        return PasskeyTrial.class;
    }

    @Override
    public WorkSpeed speed() {
        return ReadingCost.speed(KIND, model, SHARE);
    }

    /** What the scalings read, with the factor that {@code auto} came to. */
    public ScalingSettings rope() {
        return encodings.rope();
    }

    /**
     * What asking at a length takes.
     *
     * @param files bytes of the model's files
     */
    public static InferenceMemory memory(InferenceMemory.Decoder decoder, long length, long files) {
        return InferenceMemory.continuing(decoder, length, length + PasskeyAnswer.TOKENS, files);
    }

    /** What this study takes at its longest. */
    public InferenceMemory memory() {
        int longest = plan.lengths().get(plan.lengths().size() - 1);
        return memory(encodings.running(), longest, model.model().sizes().bytes());
    }

    private PasskeyQuestion question(PasskeyKey key) {
        PasskeyTask task = requireNonNull(tasks.get(key), "a trial must be one of the plan's");
        PasskeyQuestion asked = last;
        if (asked == null || !asked.task().equals(task)) {
            asked = PasskeyQuestion.of(task, model.tokenizer());
            last = asked;
        }
        return asked;
    }

    private final class Trial implements Job<PasskeyKey, PasskeyTrial> {
        private final PlannedCell<PasskeyKey> cell;

        Trial(PlannedCell<PasskeyKey> cell) {
            this.cell = cell;
        }

        @Override
        public List<PlannedCell<PasskeyKey>> cells() {
            return List.of(cell);
        }

        @Override
        public void plan(Workload workload) {
            workload.add(cell.key().length(), cost.of(cell.key().length()));
        }

        @Override
        public void run(JobContext<PasskeyKey, PasskeyTrial> context) throws IOException {
            PasskeyKey key = cell.key();
            PasskeyQuestion question = question(key);
            PositionEncoding positions = encodings.positions(key.encoding(), key.length());
            PasskeyTrial trial = context.pass(
                    key.length(),
                    cost.of(key.length()),
                    listener -> question.put(model, key.encoding(), positions, listener::accept, System::nanoTime));
            context.finished(cell, trial);
        }
    }
}
