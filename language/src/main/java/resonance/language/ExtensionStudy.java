package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import resonance.evaluation.MeasuredModel;
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
import resonance.evaluation.passkey.PasskeyPlan;
import resonance.evaluation.passkey.PasskeyTask;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.perplexity.TextWindow;
import resonance.model.EncodingChoice;
import resonance.model.OwnEncoding;
import resonance.model.PlacementChoice;
import resonance.model.PositionSettings;
import resonance.rope.CriticalNtkScaling;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.EncodingName;
import resonance.rope.LayerFrequencies;
import resonance.rope.MixedRadixScaling;
import resonance.rope.NoScaling;
import resonance.rope.NtkAwareScaling;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.Rounding;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.serving.export.Export;
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
 * <p>Candidates are YaRN, mrRoPE, critical-base NTK, NTK-aware scaling and dynamic NTK, each with the smallest factor s that covers
 * the length and with 2s (LongRoPE2, arXiv:2502.20082, searches divisors from s to 2s), as they are and with whole wavelengths,
 * searched ones, and periods of at most the trained length; and the model as it is. Each is measured as an export would write
 * it. So dynamic NTK has at every length the frequencies of the target length; where these are another candidate's, which for a
 * model without a scaling of its own is NTK-aware scaling with factor s, there is one candidate, and the settings say so.
 */
public final class ExtensionStudy implements AdaptiveStudy<ExtensionKey, ExtensionCell> {
    /** What this kind of study is called. */
    public static final String KIND = "extend";

    /** In the order to measure them, where time may end. */
    private static final List<ScalingMethod> SCALINGS = List.of(
            YarnScaling.METHOD,
            MixedRadixScaling.METHOD,
            CriticalNtkScaling.METHOD,
            NtkAwareScaling.METHOD,
            DynamicNtkScaling.METHOD);

    /** Pieces of text to choose by, and as many to report on. */
    private static final int MOST_PIECES = 4;

    private static final long NEEDLE_SEED = 1;

    private final LanguageModel model;
    private final ExtensionPlan plan;
    private final Map<String, String> settings;
    private final Map<String, MeasuredText> texts;
    private final Map<Candidate, ServedEncoding> encodings;
    private final String modelHash;
    private final String softwareVersion;
    private final LongSupplier clock;

    /** What is left of the budget for what is begun next. */
    private double secondsLeft = Double.POSITIVE_INFINITY;

    private ExtensionStudy(
            LanguageModel model,
            ExtensionPlan plan,
            Map<String, String> settings,
            Map<String, MeasuredText> texts,
            Map<Candidate, ServedEncoding> encodings,
            String softwareVersion,
            LongSupplier clock) {
        this.model = model;
        this.plan = plan;
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
        if (length <= trained) {
            throw Refusal.of(
                            "length",
                            "must be more than the " + trained + " tokens that the model reads",
                            "was " + length)
                    .cure("it needs no extension");
        }
        Map<String, String> text = new LinkedHashMap<>();
        Map<Candidate, ServedEncoding> encodings = candidates(model, placement, length, softwareVersion, text);
        boolean bos = model.tokenizer().beginningOfSequence().isPresent();
        Map<String, MeasuredText> texts = texts(model, settings);
        int windows = windowsInAPiece(texts, length, bos);
        List<List<Piece>> pieces = pieces(texts, windows, length, bos);
        ReadingCost cost = ReadingCost.of(model.description());
        Piece first = pieces.get(1).get(0);
        Work work = new Work(
                windows * cost.of(length),
                cost.of(ExtensionPlan.PROTOCOL.windows(withinTokens(first, trained), trained, bos)),
                cost.of(length));
        ExtensionPlan plan = new ExtensionPlan(
                new MeasuredModel(
                        model.description().name(),
                        model.model().sha256(),
                        model.description().rope().shape().trainedLength()),
                trained,
                length,
                List.copyOf(encodings.keySet()),
                texts.values().stream().map(MeasuredText::document).toList(),
                pieces.get(0),
                pieces.get(1),
                work,
                settings.budget().toNanos() * 1e-9);
        PasskeyQuestion.of(task(plan, 0), model.tokenizer()); // refuses a length that is too short
        text.put("length", String.valueOf(length));
        text.put("trainedLength", String.valueOf(trained));
        text.put("windowsInAPiece", String.valueOf(windows));
        text.put(
                "budget",
                settings.budget().equals(Duration.ZERO)
                        ? "none"
                        : settings.budget().toSeconds() + " s");
        model.precisionChoice().describe(text);
        text.put("threads", String.valueOf(model.threads()));
        return new ExtensionStudy(model, plan, text, texts, encodings, softwareVersion, clock);
    }

    /** The model as it is first; scalings before the same with rounding. What a scaling refuses of the model goes into the text. */
    private static Map<Candidate, ServedEncoding> candidates(
            LanguageModel model,
            PlacementChoice placement,
            int length,
            String softwareVersion,
            Map<String, String> text) {
        PositionSettings positions = model.description().positions();
        boolean plain = new OwnEncoding(positions.rope()).isPlain();
        double factor = placement.factorFor(positions, length);
        List<Rounding> roundings = List.of(
                Rounding.NONE, Rounding.WHOLE, Rounding.SEARCHED, Rounding.tokens(placement.trainedLength(positions)));
        List<EncodingChoice> choices = new ArrayList<>();
        choices.add(EncodingChoice.of(
                new EncodingName(plain ? NoScaling.METHOD : RopeEncodings.MODEL, false), ScalingSettings.DEFAULTS));
        for (Rounding rounding : roundings) {
            for (double s : List.of(factor, 2 * factor)) {
                for (ScalingMethod scaling : SCALINGS) {
                    choices.add(EncodingChoice.of(new EncodingName(scaling, rounding), ScalingSettings.ofFactor(s)));
                }
            }
        }
        Map<Candidate, ServedEncoding> candidates = new LinkedHashMap<>();
        Map<String, Candidate> byFrequencies = new LinkedHashMap<>();
        for (EncodingChoice choice : choices) {
            String name = choice.name() + " with factor "
                    + PlainNumber.text(choice.settings().factor());
            EncodingChoice placed = choice.placed(placement);
            placed.requirePlaced(positions);
            ServedEncoding served;
            try {
                served = ServedEncoding.of(positions, placed, length);
            } catch (Refusal unfit) {
                text.put(name, "left out: " + unfit.getMessage());
                continue;
            }
            Candidate candidate = new Candidate(
                    choice.encoding(), choice.settings().factor(), obstacle(model, served, softwareVersion));
            Candidate same = byFrequencies.putIfAbsent(FrequencyHash.of(served.frequencies()), candidate);
            if (same == null) {
                candidates.put(candidate, served);
            } else {
                text.put(name, "the same as " + same.label() + " at " + length + " tokens");
            }
        }
        return candidates;
    }

    /** Why it can't be written; empty if it can. */
    private static String obstacle(LanguageModel model, ServedEncoding served, String softwareVersion) {
        try {
            Export.of(model.model(), served, softwareVersion);
            return "";
        } catch (IllegalArgumentException noEngine) {
            return String.valueOf(noEngine.getMessage()).replaceFirst(";.*", "");
        }
    }

    private static Map<String, MeasuredText> texts(LanguageModel model, ExtensionSettings settings) throws IOException {
        int most = 2 * MOST_PIECES * Math.max(settings.length(), TextReading.TOKENS_A_CALL) + 1;
        List<String> names = MeasuredText.names(settings.texts());
        Map<String, MeasuredText> texts = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Path file = settings.texts().get(i);
            texts.put(names.get(i), MeasuredText.read(file, names.get(i), model.tokenizer(), most));
        }
        return texts;
    }

    /** As many as keep the decoder busy, and fewer where that leaves too few pieces. */
    private static int windowsInAPiece(Map<String, MeasuredText> texts, int length, boolean bos) {
        int windows = texts.values().stream()
                .mapToInt(text -> scored(text, bos) / (length - 1))
                .sum();
        if (windows < 2) {
            int tokens = texts.values().stream()
                    .mapToInt(text -> text.tokens().length)
                    .sum();
            throw Refusal.of(
                            "texts",
                            "must hold at least two windows of {length} " + length
                                    + " tokens, one to choose by and one to report on",
                            "held " + tokens + " tokens")
                    .cure("give more text, or a smaller {length}");
        }
        return Math.max(1, Math.min(TextReading.TOKENS_A_CALL / length, windows / (2 * MOST_PIECES)));
    }

    private static int scored(MeasuredText text, boolean bos) {
        return text.tokens().length - (bos ? 0 : 1);
    }

    /** Pieces to choose by, and to report on: of each document in turn; documents take turns too. */
    private static List<List<Piece>> pieces(Map<String, MeasuredText> texts, int windows, int length, boolean bos) {
        List<List<Piece>> pieces = List.of(new ArrayList<>(), new ArrayList<>());
        int step = windows * (length - 1);
        int longest = texts.values().stream()
                .mapToInt(text -> scored(text, bos) / step)
                .max()
                .orElse(0);
        for (int number = 0; number < longest; number++) {
            int document = 0;
            for (Map.Entry<String, MeasuredText> text : texts.entrySet()) {
                List<Piece> side = pieces.get((document++ + number) % 2);
                if (number < scored(text.getValue(), bos) / step && side.size() < MOST_PIECES) {
                    side.add(new Piece(text.getKey(), number * step, (number + 1) * step + (bos ? 0 : 1)));
                }
            }
        }
        return pieces;
    }

    /** What is read of a piece within the trained length. */
    private static int withinTokens(Piece piece, int trained) {
        return Math.min(piece.end() - piece.begin(), Math.max(trained, TextReading.TOKENS_A_CALL));
    }

    private static PasskeyTask task(ExtensionPlan plan, int number) {
        double depth = ExtensionPlan.DEPTHS.get(number);
        return new PasskeyPlan(
                        plan.model(),
                        List.of(plan.candidates().get(0).encoding()),
                        List.of(plan.length()),
                        ExtensionPlan.DEPTHS.size(),
                        1,
                        NEEDLE_SEED)
                .tasks().stream()
                        .filter(task -> task.depth() == depth)
                        .findFirst()
                        .orElseThrow();
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
        identity.put("precision", model.precision().label());
        identity.put("threads", String.valueOf(model.threads()));
        identity.put("software", softwareVersion);
        identity.put("measure", measure.toString());
        if (measure.kind() == Measure.Kind.NEEDLE) {
            PasskeyTask task = task(plan, measure.number());
            identity.put("depth", String.valueOf(task.depth()));
            identity.put("key", String.valueOf(task.key()));
        } else {
            Piece piece = piece(measure);
            identity.put("document", piece.document());
            identity.put("text", text(piece).document().sha256());
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
        return measure.kind() == Measure.Kind.WITHIN
                ? new Piece(whole.document(), whole.begin(), whole.begin() + withinTokens(whole, plan.trainedLength()))
                : whole;
    }

    private MeasuredText text(Piece piece) {
        return requireNonNull(texts.get(piece.document()), "a piece must be of one of the texts");
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
        InferenceMemory text = PerplexityStudy.memory(model.running(), plan.length(), files);
        InferenceMemory needle = PasskeyStudy.memory(model.running(), plan.length(), files);
        return text.bytes() > needle.bytes() ? text : needle;
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
            workload.add(window(measure()), isNeedle() ? needleCost() : cost().of(windows()));
        }

        private ReadingCost cost() {
            return ReadingCost.of(model.description());
        }

        private double needleCost() {
            return cost().of(plan.length());
        }

        private List<TextWindow> windows() {
            Piece piece = piece(measure());
            OptionalInt bos = model.tokenizer().beginningOfSequence();
            return ExtensionPlan.PROTOCOL.windows(piece.end() - piece.begin(), window(measure()), bos.isPresent());
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
            PasskeyQuestion question = PasskeyQuestion.of(task(plan, measure().number()), model.tokenizer());
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
            int[] tokens = Arrays.copyOfRange(text(piece).tokens(), piece.begin(), piece.end());
            return new OfText(new TextReading(model, tokens, windows(), clock, inTime)
                    .measure(
                            new PerplexityKey(cell.key().encoding(), window(measure()), piece.document()),
                            positions(),
                            context));
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
