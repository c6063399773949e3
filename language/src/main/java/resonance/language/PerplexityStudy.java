package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.perplexity.PerplexityPlan;
import resonance.evaluation.perplexity.TextWindow;
import resonance.rope.Refusal;
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
 * Measures a model's perplexity on texts, at every length and with every encoding.
 *
 * <p>A cell is one document at one length with one encoding. It is specified by everything that can change it: model, text,
 * protocol, frequencies, precision, threads and software version. So a study with more lengths or encodings measures only
 * those, and one with other settings leaves the old cells alone.
 */
public final class PerplexityStudy implements Study<PerplexityKey, PerplexityCell>, ProductWork {
    /** What this kind of study is called. */
    public static final String KIND = "perplexity";

    /** Of the speed of bare products, as docs/studies.md has it. */
    private static final double SHARE = 0.7;

    private final LanguageModel model;
    private final PerplexitySettings settings;
    private final MeasuredEncodings encodings;
    private final Map<String, MeasuredText> texts;
    private final PerplexityPlan plan;
    private final ReadingCost cost;

    private PerplexityStudy(
            LanguageModel model,
            PerplexitySettings settings,
            MeasuredEncodings encodings,
            Map<String, MeasuredText> texts) {
        this.model = model;
        this.settings = settings;
        this.encodings = encodings;
        this.texts = texts;
        this.plan = new PerplexityPlan(
                encodings.model(),
                settings.protocol(),
                settings.encodings(),
                settings.lengths(),
                texts.values().stream().map(MeasuredText::document).toList());
        this.cost = ReadingCost.of(model.description());
    }

    /**
     * Reads and tokenizes the texts and checks that they are long enough.
     *
     * @param softwareVersion version of this software, part of what tells cells apart
     * @throws IllegalArgumentException if a text is not UTF-8 or too short for a length, or an encoding refuses its
     *     settings
     */
    public static PerplexityStudy prepare(LanguageModel model, PerplexitySettings settings, String softwareVersion)
            throws IOException {
        MeasuredEncodings encodings = new MeasuredEncodings(
                model,
                settings.encodings(),
                settings.lengths(),
                settings.factor(),
                settings.placement(),
                settings.rope(),
                softwareVersion);
        Map<String, MeasuredText> texts =
                MeasuredText.read(settings.texts(), model.tokenizer(), settings.maximumTokens());
        requireLongEnough(
                settings,
                texts.values(),
                model.tokenizer().beginningOfSequence().isPresent());
        return new PerplexityStudy(model, settings, encodings, texts);
    }

    /** A length that no window of a text fills would say nothing about that length, whatever the protocol allows. */
    private static void requireLongEnough(PerplexitySettings settings, Collection<MeasuredText> texts, boolean bos) {
        for (int length : settings.lengths()) {
            int fewest = Math.max(settings.protocol().fewestTokens(length, bos), bos ? length - 1 : length);
            String rule = "must be at least " + fewest + " for length " + length + " in protocol "
                    + settings.protocol().name();
            for (MeasuredText text : texts) {
                int tokens = text.document().tokens();
                if (tokens < fewest && text.tokensInFile() >= fewest) {
                    throw Refusal.was("maximumTokens", rule, tokens)
                            .cure("use more of the texts or leave out the length");
                }
                if (tokens < fewest) {
                    throw Refusal.of("tokens of text " + text.document().name(), rule, "were " + tokens)
                            .cure("leave out the text or the length");
                }
                settings.protocol().windows(tokens, length, bos); // refuses a stride that does not fit
            }
        }
    }

    private PlannedCell<PerplexityKey> cell(PerplexityKey key) {
        return new PlannedCell<>(
                key,
                key.length() + "--" + key.encoding() + "--" + key.document(),
                new CellSpecification(KIND, identity(key)));
    }

    private Map<String, String> identity(PerplexityKey key) {
        MeasuredDocument document = text(key).document();
        Map<String, String> identity = encodings.identity(key.encoding(), key.length());
        identity.put("document", key.document());
        identity.put("text", document.sha256());
        identity.put("tokens", String.valueOf(document.tokens()));
        identity.put("protocol", settings.protocol().text());
        return identity;
    }

    private MeasuredText text(PerplexityKey key) {
        return requireNonNull(texts.get(key.document()), "a cell's document must be one of the texts");
    }

    private OptionalInt bos() {
        return model.tokenizer().beginningOfSequence();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public PerplexityPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> text = encodings.settingsText();
        text.put("maximumTokens", settings.maximumTokens() == 0 ? "all" : String.valueOf(settings.maximumTokens()));
        return text;
    }

    @Override
    public List<PlannedCell<PerplexityKey>> cells() {
        return plan.cells().stream().map(this::cell).toList();
    }

    /** A job a cell, short lengths first. */
    @Override
    public List<Job<PerplexityKey, PerplexityCell>> jobs(List<PlannedCell<PerplexityKey>> missing) {
        return missing.stream()
                .<Job<PerplexityKey, PerplexityCell>>map(Measurement::new)
                .toList();
    }

    @Override
    public Class<PerplexityCell> resultType() {
        return PerplexityCell.class;
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
     * What measuring whole texts at a length takes at most.
     *
     * @param files bytes of the model's files
     */
    public static InferenceMemory memory(InferenceMemory.Decoder decoder, long length, long files) {
        return InferenceMemory.scoring(decoder, Math.max(length, TextReading.TOKENS_A_CALL), files);
    }

    /** What this study takes at its longest. */
    public InferenceMemory memory() {
        long tokens = plan.cells().stream()
                .mapToLong(key -> reading(key).tokensAtOnce())
                .max()
                .orElse(1);
        return InferenceMemory.scoring(
                encodings.running(), tokens, model.model().sizes().bytes());
    }

    private final class Measurement implements Job<PerplexityKey, PerplexityCell> {
        private final PlannedCell<PerplexityKey> cell;

        Measurement(PlannedCell<PerplexityKey> cell) {
            this.cell = cell;
        }

        @Override
        public List<PlannedCell<PerplexityKey>> cells() {
            return List.of(cell);
        }

        @Override
        public void plan(Workload workload) {
            workload.add(cell.key().length(), cost.of(windows(cell.key())));
        }

        @Override
        public void run(JobContext<PerplexityKey, PerplexityCell> context) throws IOException {
            context.finished(cell, measure(cell.key(), context));
        }
    }

    private List<TextWindow> windows(PerplexityKey key) {
        return settings.protocol().windows(text(key).tokens().length, key.length(), bos().isPresent());
    }

    private PerplexityCell measure(PerplexityKey key, JobContext<?, ?> context) {
        PositionEncoding encoding = encodings.positions(key.encoding(), key.length());
        return reading(key).measure(key, encoding, context);
    }

    private TextReading reading(PerplexityKey key) {
        return new TextReading(model, text(key).tokens(), windows(key), System::nanoTime, () -> {});
    }
}
