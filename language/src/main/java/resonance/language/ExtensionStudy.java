package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import resonance.evaluation.extension.Candidate;
import resonance.evaluation.extension.ExtensionCell;
import resonance.evaluation.extension.ExtensionCell.GivenUp;
import resonance.evaluation.extension.ExtensionCell.Measured;
import resonance.evaluation.extension.ExtensionCell.OfNeedle;
import resonance.evaluation.extension.ExtensionCell.OfText;
import resonance.evaluation.extension.ExtensionKey;
import resonance.evaluation.extension.ExtensionPlan;
import resonance.evaluation.extension.ExtensionPlan.Piece;
import resonance.evaluation.extension.ExtensionPlan.Work;
import resonance.evaluation.extension.ExtensionSelection;
import resonance.evaluation.extension.Measure;
import resonance.evaluation.passkey.PasskeyTask;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.model.PlacementChoice;
import resonance.model.PositionSettings;
import resonance.rope.LayerFrequencies;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.serving.export.ServedEncoding;
import resonance.study.AdaptiveStudy;
import resonance.study.CellSpecification;
import resonance.study.Job;
import resonance.study.JobContext;
import resonance.study.PlannedCell;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;

/**
 * Finds the encoding that takes a model to a length: measures candidates on more and more text, as {@link ExtensionSelection}
 * has it.
 *
 * <p>Candidates are those of {@link ExtensionCandidates}, texts are cut as {@link ExtensionTexts} has it.
 */
public final class ExtensionStudy implements AdaptiveStudy<ExtensionKey, ExtensionCell> {
    /** What this kind of study is called. */
    public static final String KIND = "extend";

    private static final long NEEDLE_SEED = 1;

    private final LanguageModel model;
    private final ExtensionPlan plan;
    private final List<PasskeyTask> needles;
    private final Map<String, String> settings;
    private final ExtensionTexts texts;
    private final Map<Candidate, ServedEncoding> encodings;
    private final String modelHash;
    private final String softwareVersion;
    private final LongSupplier clock;

    /** What is left of the budget for what is begun next. */
    private double secondsLeft = Double.POSITIVE_INFINITY;

    private ExtensionStudy(
            LanguageModel model,
            ExtensionPlan plan,
            List<PasskeyTask> needles,
            Map<String, String> settings,
            ExtensionTexts texts,
            Map<Candidate, ServedEncoding> encodings,
            String softwareVersion,
            LongSupplier clock) {
        this.model = model;
        this.plan = plan;
        this.needles = List.copyOf(needles);
        this.settings = settings;
        this.texts = texts;
        this.encodings = encodings;
        this.modelHash = plan.model().sha256();
        this.softwareVersion = softwareVersion;
        this.clock = clock;
    }

    /**
     * Lists the candidates, reads and tokenizes the texts, and cuts them into pieces.
     *
     * @param softwareVersion version of this software, part of what tells cells apart
     * @throws IllegalArgumentException if the model reads the length as it is, a text is not UTF-8, or there is too little text
     */
    public static ExtensionStudy prepare(LanguageModel model, ExtensionSettings settings, String softwareVersion)
            throws IOException {
        return prepare(model, settings, softwareVersion, System::nanoTime);
    }

    static ExtensionStudy prepare(
            LanguageModel model, ExtensionSettings settings, String softwareVersion, LongSupplier clock)
            throws IOException {
        PositionSettings positions = model.description().positions();
        PlacementChoice placement = settings.placement();
        int length = settings.length();
        int trained = placement.trainedLength(positions);
        requireExtension(length, trained);
        ExtensionCandidates candidates = ExtensionCandidates.of(model, placement, length, softwareVersion);
        ExtensionTexts texts = ExtensionTexts.read(model, settings.texts(), length);
        ReadingCost cost = ReadingCost.of(model.description());
        Piece first = texts.reporting().get(0);
        Work work = new Work(
                texts.windowsInAPiece() * cost.of(length),
                cost.of(texts.windows(ExtensionTexts.within(first, trained), trained)),
                cost.of(length));
        ExtensionPlan plan = new ExtensionPlan(
                model.measured(),
                trained,
                length,
                List.copyOf(candidates.encodings().keySet()),
                texts.documents(),
                texts.choosing(),
                texts.reporting(),
                work,
                settings.budgetSeconds());
        List<PasskeyTask> needles =
                NeedlePrompts.passkeys(plan.model(), length, ExtensionPlan.DEPTHS.size(), NEEDLE_SEED);
        PasskeyQuestion.of(needles.get(0), model.tokenizer()); // refuses a length that is too short
        Map<String, String> text = new LinkedHashMap<>(candidates.notes());
        text.put("length", String.valueOf(length));
        text.put("trainedLength", String.valueOf(trained));
        text.put("windowsInAPiece", String.valueOf(texts.windowsInAPiece()));
        text.put("budget", plan.budgetText());
        MeasuredEncodings.tellMachine(text, model);
        return new ExtensionStudy(model, plan, needles, text, texts, candidates.encodings(), softwareVersion, clock);
    }

    /** Refuses a length that the model reads as it is. */
    static void requireExtension(int length, int trained) {
        if (length <= trained) {
            throw Refusal.of(
                            "length",
                            "must be more than the " + trained + " tokens that the model reads",
                            "was " + length)
                    .cure("it needs no extension");
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public ExtensionPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public List<PlannedCell<ExtensionKey>> next(List<ExtensionCell> results) {
        ExtensionSelection selection = new ExtensionSelection(plan, results);
        secondsLeft = selection.secondsLeft();
        return selection.next().stream()
                .map(key -> cell(key, selection.givenUp(key)))
                .toList();
    }

    /** @param givenUp the budget under which it was given up before, which makes it another cell */
    private PlannedCell<ExtensionKey> cell(ExtensionKey key, OptionalDouble givenUp) {
        Measure measure = key.measure();
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("model", modelHash);
        identity.put("encoding", key.encoding().toString());
        identity.put("factor", PlainNumber.text(key.factor()));
        identity.put("length", String.valueOf(plan.length()));
        identity.put("frequencies", FrequencyHash.of(frequencies(key)));
        MeasuredEncodings.putMachine(identity, model, softwareVersion);
        identity.put("measure", measure.toString());
        if (measure.kind() == Measure.Kind.NEEDLE) {
            PasskeyTask task = needles.get(measure.number());
            identity.put("depth", String.valueOf(task.depth()));
            identity.put("key", String.valueOf(task.key()));
        } else {
            Piece piece = piece(measure);
            identity.put("document", piece.document());
            identity.put("text", texts.sha256(piece));
            identity.put("from", String.valueOf(piece.begin()));
            identity.put("to", String.valueOf(piece.end()));
            identity.put("window", String.valueOf(window(measure)));
        }
        givenUp.ifPresent(budget -> identity.put("givenUpUnder", PlainNumber.text(budget) + " s"));
        String label = measure.kind().word() + "--" + (measure.number() + 1) + "--" + key.encoding() + "--"
                + PlainNumber.text(key.factor());
        return new PlannedCell<>(key, label, new CellSpecification(KIND, identity));
    }

    private LayerFrequencies frequencies(ExtensionKey key) {
        return encodings.entrySet().stream()
                .filter(entry -> entry.getKey().encoding().equals(key.encoding())
                        && entry.getKey().factor() == key.factor())
                .findFirst()
                .orElseThrow()
                .getValue()
                .frequencies();
    }

    private Piece piece(Measure measure) {
        List<Piece> pieces = measure.kind() == Measure.Kind.CHOOSING ? plan.choosing() : plan.reporting();
        Piece whole = pieces.get(measure.number());
        return measure.kind() == Measure.Kind.WITHIN ? ExtensionTexts.within(whole, plan.trainedLength()) : whole;
    }

    private int window(Measure measure) {
        return measure.kind() == Measure.Kind.WITHIN ? plan.trainedLength() : plan.length();
    }

    @Override
    public List<Job<ExtensionKey, ExtensionCell>> jobs(List<PlannedCell<ExtensionKey>> missing) {
        return missing.stream()
                .<Job<ExtensionKey, ExtensionCell>>map(Measurement::new)
                .toList();
    }

    @Override
    public Class<ExtensionCell> resultType() {
        return ExtensionCell.class;
    }

    /** What this study takes at most: reading a prompt with a hidden number, whose keys and values are kept, or a piece of text. */
    public InferenceMemory memory() {
        long files = model.model().sizes().bytes();
        return PasskeyStudy.memory(model.running(), plan.length(), files)
                .larger(PerplexityStudy.memory(model.running(), plan.length(), files));
    }

    /** The encoding of a candidate, as an export writes it. */
    public ServedEncoding served(Candidate candidate) {
        return requireNonNull(encodings.get(candidate), "candidate must be one of the plan's");
    }

    private final class Measurement implements Job<ExtensionKey, ExtensionCell> {
        private final PlannedCell<ExtensionKey> cell;

        Measurement(PlannedCell<ExtensionKey> cell) {
            this.cell = cell;
        }

        @Override
        public List<PlannedCell<ExtensionKey>> cells() {
            return List.of(cell);
        }

        private Measure measure() {
            return cell.key().measure();
        }

        private boolean isNeedle() {
            return measure().kind() == Measure.Kind.NEEDLE;
        }

        @Override
        public void plan(Workload workload) {
            int window = window(measure());
            workload.add(window, isNeedle() ? needleCost() : cost().of(texts.windows(piece(measure()), window)));
        }

        private ReadingCost cost() {
            return ReadingCost.of(model.description());
        }

        private double needleCost() {
            return cost().of(plan.length());
        }

        @Override
        public void run(JobContext<ExtensionKey, ExtensionCell> context) throws IOException {
            context.finished(cell, new ExtensionCell(cell.key(), measured(context)));
        }

        private PositionEncoding positions() {
            return new RotaryEncoding(frequencies(cell.key()));
        }

        private Measured measured(JobContext<ExtensionKey, ExtensionCell> context) {
            long started = clock.getAsLong();
            Runnable inTime = () -> {
                double seconds = (clock.getAsLong() - started) * 1e-9;
                if (seconds > secondsLeft) {
                    throw new BudgetEnded(seconds);
                }
            };
            try {
                return isNeedle() ? needle(context, inTime) : losses(context, inTime);
            } catch (BudgetEnded ended) {
                return new GivenUp(ended.seconds, plan.budgetSeconds());
            }
        }

        private OfNeedle needle(JobContext<ExtensionKey, ExtensionCell> context, Runnable inTime) {
            PasskeyQuestion question = PasskeyQuestion.of(needles.get(measure().number()), model.tokenizer());
            return new OfNeedle(context.pass(
                    plan.length(),
                    needleCost(),
                    listener -> question.put(
                            model,
                            cell.key().encoding(),
                            positions(),
                            fraction -> {
                                inTime.run();
                                listener.accept(fraction);
                            },
                            clock)));
        }

        private OfText losses(JobContext<ExtensionKey, ExtensionCell> context, Runnable inTime) {
            Piece piece = piece(measure());
            int window = window(measure());
            return new OfText(texts.reading(piece, window, clock, inTime)
                    .measure(new PerplexityKey(cell.key().encoding(), window, piece.document()), positions(), context));
        }
    }

    /** Ends a measurement that the budget does not suffice for. */
    private static final class BudgetEnded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final double seconds;

        BudgetEnded(double seconds) {
            super("the budget ended", null, false, false);
            this.seconds = seconds;
        }
    }
}
