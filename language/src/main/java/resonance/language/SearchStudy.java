package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.extension.Candidate;
import resonance.evaluation.extension.ExtensionPlan.Piece;
import resonance.evaluation.passkey.PasskeyAnswer;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.search.Contender;
import resonance.evaluation.search.FactorSearch;
import resonance.evaluation.search.Factors;
import resonance.evaluation.search.Needle;
import resonance.evaluation.search.Objective;
import resonance.evaluation.search.SearchCell;
import resonance.evaluation.search.SearchCell.Measured;
import resonance.evaluation.search.SearchCell.OfNeedles;
import resonance.evaluation.search.SearchCell.OfTexts;
import resonance.evaluation.search.SearchKey;
import resonance.evaluation.search.SearchKey.Stage;
import resonance.evaluation.search.SearchPlan;
import resonance.model.EncodingChoice;
import resonance.model.PlacementChoice;
import resonance.model.PositionSettings;
import resonance.rope.EncodingName;
import resonance.rope.LayerFrequencies;
import resonance.rope.LongRopeScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.serving.export.ServedEncoding;
import resonance.study.AdaptiveStudy;
import resonance.study.CellSpecification;
import resonance.study.Job;
import resonance.study.JobContext;
import resonance.study.PlannedCell;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.position.RotaryEncoding;

/**
 * Searches rescale factors of a model's own for a length, without training, as {@link FactorSearch} has it.
 *
 * <p>It begins from the scalings of {@link ExtensionCandidates}, as they are and with the rounding of the search. Texts are cut as
 * {@link ExtensionTexts} has it, and numbers are hidden as {@link NeedlePrompts} has it, those to report on with the seed after
 * that of those to choose by.
 */
public final class SearchStudy implements AdaptiveStudy<SearchKey, SearchCell> {
    /** What this kind of study is called. */
    public static final String KIND = "search";

    /** Tokens of the prompts that are reported on, within the two numbers of prompts below. */
    private static final int HELD_OUT_TOKENS = 65_536;

    private static final int FEWEST_HELD_OUT = 10;
    private static final int MOST_HELD_OUT = 40;

    private final LanguageModel model;
    private final SearchPlan plan;
    private final Map<String, String> settings;
    private final ExtensionTexts texts;
    private final NeedlePrompts needles;
    private final NeedlePrompts heldOutNeedles;
    private final Map<Contender, ServedEncoding> byHand;
    private final PlacementChoice placement;
    private final String softwareVersion;
    private final LongSupplier clock;

    /** Work that is expected to follow on what is next, for the time left. */
    private volatile double workAfterNext;

    private SearchStudy(
            LanguageModel model,
            SearchPlan plan,
            Map<String, String> settings,
            ExtensionTexts texts,
            NeedlePrompts needles,
            NeedlePrompts heldOutNeedles,
            Map<Contender, ServedEncoding> byHand,
            PlacementChoice placement,
            String softwareVersion,
            LongSupplier clock) {
        this.model = model;
        this.plan = plan;
        this.settings = settings;
        this.texts = texts;
        this.needles = needles;
        this.heldOutNeedles = heldOutNeedles;
        this.byHand = byHand;
        this.placement = placement;
        this.softwareVersion = softwareVersion;
        this.clock = clock;
    }

    /**
     * Lists the scalings to begin from, reads and tokenizes the texts, and makes the prompts.
     *
     * @param softwareVersion version of this software, part of what tells cells apart
     * @throws IllegalArgumentException if the model reads the length as it is, a text is not UTF-8, there is too little text, or
     *     the length is too short for a passkey
     */
    public static SearchStudy prepare(LanguageModel model, SearchSettings settings, String softwareVersion)
            throws IOException {
        return prepare(model, settings, softwareVersion, System::nanoTime);
    }

    static SearchStudy prepare(LanguageModel model, SearchSettings settings, String softwareVersion, LongSupplier clock)
            throws IOException {
        PositionSettings positions = model.description().positions();
        ExtensionSettings extension = settings.extension();
        int length = extension.length();
        int trained = extension.placement().trainedLength(positions);
        ExtensionStudy.requireExtension(length, trained);
        Map<Contender, ServedEncoding> byHand = byHand(model, settings, softwareVersion);
        List<Contender> contenders = List.copyOf(byHand.keySet());
        ExtensionTexts texts = ExtensionTexts.read(model, extension.texts(), length);
        MeasuredModel measured = model.measured();
        NeedlePrompts needles =
                NeedlePrompts.of(model, measured, settings.prose(), length, settings.needles(), settings.seed());
        int heldOut = Math.max(FEWEST_HELD_OUT, Math.min(MOST_HELD_OUT, HELD_OUT_TOKENS / length));
        NeedlePrompts heldOutNeedles =
                NeedlePrompts.of(model, measured, settings.prose(), length, heldOut, settings.seed() + 1L);
        RopeShape own = positions.rope().shape();
        Piece first = texts.reporting().get(0);
        int pieces = settings.pieces(first.end() - first.begin());
        SearchPlan plan = new SearchPlan(
                measured,
                RopeShape.of(own.headSize(), own.base(), trained),
                length,
                settings.space(),
                settings.objective(),
                new EncodingName(LongRopeScaling.METHOD, settings.rounding()),
                contenders.get(0),
                contenders.subList(1, contenders.size()),
                texts.documents(),
                texts.choosing().subList(0, Math.min(pieces, texts.choosing().size())),
                needles.needles(),
                texts.reporting(),
                heldOutNeedles.needles(),
                work(model, texts, length, trained),
                settings.evaluations(),
                extension.budgetSeconds(),
                settings.seed());
        return new SearchStudy(
                model,
                plan,
                words(model, settings, plan),
                texts,
                needles,
                heldOutNeedles,
                byHand,
                extension.placement(),
                softwareVersion,
                clock);
    }

    /** The model as it is, and the scalings made by hand. */
    private static Map<Contender, ServedEncoding> byHand(
            LanguageModel model, SearchSettings settings, String softwareVersion) {
        List<Rounding> roundings =
                settings.rounding().isNone() ? List.of(Rounding.NONE) : List.of(Rounding.NONE, settings.rounding());
        Map<Contender, ServedEncoding> byHand = new LinkedHashMap<>();
        ExtensionSettings extension = settings.extension();
        ExtensionCandidates.of(model, extension.placement(), extension.length(), roundings, softwareVersion)
                .encodings()
                .forEach((candidate, served) -> byHand.put(contender(candidate, served), served));
        return byHand;
    }

    private static Contender contender(Candidate candidate, ServedEncoding served) {
        RopeShape shape = served.own().withSequenceLength(served.contextLength());
        EncodingChoice choice = served.encoding();
        RopeFrequencies scaled = EncodingChoice.isModels(choice.encoding())
                ? RopeFrequencies.of(shape.radiansPerToken(), 1)
                : choice.encoding()
                        .withoutResonance()
                        .scaling(choice.settings())
                        .frequencies(shape);
        return new Contender(0, candidate.encoding(), candidate.factor(), Factors.of(shape, scaled));
    }

    private static SearchPlan.Work work(LanguageModel model, ExtensionTexts texts, int length, int trained) {
        ReadingCost cost = ReadingCost.of(model.description());
        Piece within = ExtensionTexts.within(texts.reporting().get(0), trained);
        return new SearchPlan.Work(
                texts.windowsInAPiece() * cost.of(length), cost.of(texts.windows(within, trained)), cost.of(length));
    }

    private static Map<String, String> words(LanguageModel model, SearchSettings settings, SearchPlan plan) {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("length", String.valueOf(plan.length()));
        text.put("trainedLength", String.valueOf(plan.shape().trainedLength()));
        text.put("space", plan.space().word());
        text.put("objective", plan.objective().word());
        text.put(
                "rounding",
                settings.rounding().isNone() ? "none" : settings.rounding().toString());
        text.put(
                "evaluation",
                plan.objective() == Objective.NEEDLES
                        ? plan.needles().size() + " prompts"
                        : plan.pieces().size() + " pieces of text");
        if (plan.heldOutNeedles().stream().allMatch(Needle::hasDepth)) {
            text.put(
                    "needles",
                    "passkeys alone: RULER's " + NeedlePrompts.RULER
                            + " does not fit the length, or its prose is missing");
        } else {
            text.put("needles", "passkeys and RULER's " + NeedlePrompts.RULER + " in turn");
        }
        text.put("evaluations", String.valueOf(plan.evaluations()));
        text.put("seed", String.valueOf(plan.seed()));
        text.put("budget", plan.budgetText());
        MeasuredEncodings.tellMachine(text, model);
        return text;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public SearchPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public List<PlannedCell<SearchKey>> next(List<SearchCell> results) {
        FactorSearch search = new FactorSearch(plan, results);
        workAfterNext = search.workAfterNext();
        return search.next().map(this::cell).stream().toList();
    }

    @Override
    public List<PlannedCell<SearchKey>> wave(List<SearchCell> results) {
        FactorSearch search = new FactorSearch(plan, results);
        List<SearchKey> wave = search.wave();
        double others =
                wave.stream().skip(1).mapToDouble(key -> plan.work(key.stage())).sum();
        workAfterNext = Math.max(0, search.workAfterNext() - others);
        return wave.stream().map(this::cell).toList();
    }

    /** How many cells these are is known, which they are is not. */
    @Override
    public void planLater(Job.Workload workload) {
        workload.add(plan.length(), workAfterNext);
    }

    private PlannedCell<SearchKey> cell(SearchKey key) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("model", plan.model().sha256());
        identity.put("encoding", key.contender().encoding().toString());
        identity.put("proposal", String.valueOf(key.contender().proposal()));
        identity.put("divisors", key.contender().factors().divisors().toString());
        identity.put("length", String.valueOf(plan.length()));
        identity.put("frequencies", FrequencyHash.of(frequencies(key)));
        MeasuredEncodings.putMachine(identity, model, softwareVersion);
        identity.put("stage", key.stage().word());
        identity.put("number", String.valueOf(key.number()));
        List<Piece> pieces = pieces(key);
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            identity.put(
                    "text " + (i + 1),
                    texts.sha256(piece) + " " + piece.document() + " " + piece.begin() + " " + piece.end());
        }
        if (pieces.isEmpty()) {
            identity.put("prompts", prompts(key).sha256(plan.needles(key)));
        } else {
            identity.put("window", String.valueOf(window(key)));
        }
        String label = key.contender().proposed()
                ? "proposal-" + key.contender().proposal()
                : key.contender().encoding() + "-" + key.contender().factor();
        return new PlannedCell<>(
                key,
                key.stage().word() + "--" + (key.number() + 1) + "--" + label,
                new CellSpecification(KIND, identity));
    }

    private LayerFrequencies frequencies(SearchKey key) {
        return served(key.contender()).frequencies();
    }

    /** The encoding of a contender, as an export writes it. */
    public ServedEncoding served(Contender contender) {
        if (!contender.proposed()) {
            return requireNonNull(byHand.get(contender), "contender must be one of the plan's or a proposal");
        }
        ScalingSettings scaling = ScalingSettings.ofFactor(contender.factor())
                .with(LongRopeScaling.SHORT_FACTORS, contender.factors().divisors())
                .with(LongRopeScaling.LONG_FACTORS, contender.factors().divisors())
                .with(YarnScaling.ATTENTION_FACTOR, contender.factors().attentionFactor());
        EncodingChoice choice = EncodingChoice.of(contender.encoding(), scaling).placed(placement);
        return ServedEncoding.of(model.description().positions(), choice, plan.length());
    }

    /** A proposal such as the optimiser may make, to be held against what can be written. */
    public ServedEncoding example() {
        return served(plan.proposal(1, plan.starts().get(0).factors()));
    }

    /** What is read of the text. */
    private List<Piece> pieces(SearchKey key) {
        List<Piece> whole = plan.pieces(key);
        int trained = plan.shape().trainedLength();
        return key.stage() == Stage.WITHIN
                ? whole.stream()
                        .map(piece -> ExtensionTexts.within(piece, trained))
                        .toList()
                : whole;
    }

    private int window(SearchKey key) {
        return key.stage() == Stage.WITHIN ? plan.shape().trainedLength() : plan.length();
    }

    private NeedlePrompts prompts(SearchKey key) {
        return key.stage() == Stage.NEEDLE ? heldOutNeedles : needles;
    }

    @Override
    public List<Job<SearchKey, SearchCell>> jobs(List<PlannedCell<SearchKey>> missing) {
        return missing.stream()
                .<Job<SearchKey, SearchCell>>map(Measurement::new)
                .toList();
    }

    @Override
    public Class<SearchCell> resultType() {
        return SearchCell.class;
    }

    /** What this study takes at most: reading a prompt, whose keys and values are kept, or a piece of text. */
    public InferenceMemory memory() {
        long files = model.model().sizes().bytes();
        long kept = (long) plan.length() + PasskeyAnswer.TOKENS;
        return InferenceMemory.reading(model.running(), plan.length(), kept, files)
                .larger(PerplexityStudy.memory(model.running(), plan.length(), files));
    }

    private final class Measurement implements Job<SearchKey, SearchCell> {
        private final PlannedCell<SearchKey> cell;
        private final SearchKey key;

        Measurement(PlannedCell<SearchKey> cell) {
            this.cell = cell;
            this.key = cell.key();
        }

        @Override
        public List<PlannedCell<SearchKey>> cells() {
            return List.of(cell);
        }

        @Override
        public void plan(Workload workload) {
            workload.add(window(key), plan.work(key.stage()));
        }

        @Override
        public void run(JobContext<SearchKey, SearchCell> context) throws IOException {
            context.finished(
                    cell, new SearchCell(key, plan.pieces(key).isEmpty() ? needles(context) : losses(context)));
        }

        private RotaryEncoding positions() {
            return new RotaryEncoding(frequencies(key));
        }

        private Measured needles(JobContext<SearchKey, SearchCell> context) {
            List<Double> losses = new ArrayList<>();
            RotaryEncoding positions = positions();
            String where = "encoding " + key.contender().label() + " at length " + plan.length();
            long started = clock.getAsLong();
            for (Needle needle : plan.needles(key)) {
                losses.add(context.pass(
                        plan.length(),
                        plan.work().needle(),
                        listener -> prompts(key).loss(model, positions, needle, where, listener::accept)));
            }
            return new OfNeedles(losses, Math.max(1, clock.getAsLong() - started) * 1e-9);
        }

        private Measured losses(JobContext<SearchKey, SearchCell> context) {
            List<PerplexityCell> cells = new ArrayList<>();
            RotaryEncoding positions = positions();
            for (Piece piece : pieces(key)) {
                cells.add(texts.reading(piece, window(key), clock, () -> {})
                        .measure(
                                new PerplexityKey(key.contender().encoding(), window(key), piece.document()),
                                positions,
                                context));
            }
            return new OfTexts(cells);
        }
    }
}
