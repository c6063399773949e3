package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import resonance.evaluation.Provenance;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.perplexity.PerplexityMeter;
import resonance.evaluation.perplexity.PerplexityPlan;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.evaluation.perplexity.TextWindow;
import resonance.rope.LayerFrequencies;
import resonance.rope.RopeSettings;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.position.RotaryEncoding;

/**
 * Measures a model's perplexity on texts, at every length and with every encoding, and keeps what is finished in a
 * folder.
 *
 * <p>A cell is one document at one length with one encoding. Finished cells are found again by everything that can change
 * them: model, text, protocol, frequencies, precision, threads and software version. So a run that was stopped goes on
 * where it was, one with more lengths or encodings measures only those, and one with other settings leaves the old cells
 * alone.
 */
public final class PerplexityRun {
    /** Tokens of windows that the decoder is given at once: short windows together keep all its threads busy. */
    private static final int TOKENS_A_CALL = 8_192;

    private final LanguageModel model;
    private final PerplexitySettings settings;
    private final MeasuredEncodings encodings;
    private final Map<String, MeasuredText> texts;
    private final PerplexityPlan plan;
    private final CellFolder<PerplexityKey, PerplexityCell> cells;
    private final ReadingCost cost;

    private PerplexityRun(
            LanguageModel model,
            PerplexitySettings settings,
            MeasuredEncodings encodings,
            Map<String, MeasuredText> texts,
            CellFolder<PerplexityKey, PerplexityCell> cells) {
        this.model = model;
        this.settings = settings;
        this.encodings = encodings;
        this.texts = texts;
        this.cells = cells;
        this.plan = new PerplexityPlan(
                encodings.model(),
                settings.protocol(),
                settings.encodings(),
                settings.lengths(),
                texts.values().stream().map(MeasuredText::document).toList());
        this.cost = ReadingCost.of(model.description());
        plan.cells().forEach(key -> cells.add(key, label(key), identity(key)));
    }

    /**
     * Reads and tokenizes the texts, checks that they are long enough, and looks which cells are there already.
     *
     * @param folder where finished cells are kept; made if it is not there
     * @param softwareVersion version of this software, part of what tells cells apart
     * @param reading told of each text before it is read
     * @throws IllegalArgumentException if a text is not UTF-8 or too short for a length, or an encoding refuses its
     *     settings; nothing is written then
     */
    public static PerplexityRun prepare(
            LanguageModel model,
            PerplexitySettings settings,
            Path folder,
            String softwareVersion,
            Consumer<Path> reading)
            throws IOException {
        MeasuredEncodings encodings = new MeasuredEncodings(
                model, settings.encodings(), settings.lengths(), settings.factor(), settings.rope(), softwareVersion);
        List<String> names = MeasuredText.names(settings.texts());
        Map<String, MeasuredText> texts = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Path file = settings.texts().get(i);
            reading.accept(file);
            texts.put(names.get(i), MeasuredText.read(file, names.get(i), model.tokenizer(), settings.maximumTokens()));
        }
        requireLongEnough(
                settings,
                texts.values(),
                model.tokenizer().beginningOfSequence().isPresent());
        return new PerplexityRun(
                model,
                settings,
                encodings,
                texts,
                new CellFolder<>(folder, PerplexityCell::readJson, PerplexityCell::writeJson));
    }

    /** A length that no window of a text fills would say nothing about that length, whatever the protocol allows. */
    private static void requireLongEnough(PerplexitySettings settings, Collection<MeasuredText> texts, boolean bos) {
        for (int length : settings.lengths()) {
            int fewest = Math.max(settings.protocol().fewestTokens(length, bos), bos ? length - 1 : length);
            String rule = " must be at least " + fewest + " for length " + length + " in protocol "
                    + settings.protocol().name() + ", ";
            for (MeasuredText text : texts) {
                int tokens = text.document().tokens();
                if (tokens < fewest && text.tokensInFile() >= fewest) {
                    throw new IllegalArgumentException("maximumTokens" + rule + "was " + tokens
                            + "; use more of the texts or leave out the length");
                }
                if (tokens < fewest) {
                    throw new IllegalArgumentException("tokens of text "
                            + text.document().name() + rule + "were " + tokens + "; leave out the text or the length");
                }
                settings.protocol().windows(tokens, length, bos); // refuses a stride that does not fit
            }
        }
    }

    private static String label(PerplexityKey key) {
        return key.length() + "--" + key.encoding() + "--" + key.document();
    }

    private Map<String, String> identity(PerplexityKey key) {
        MeasuredDocument document = text(key).document();
        Map<String, String> identity = encodings.identity(key.encoding(), key.length());
        identity.put("kind", "perplexity");
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

    /** Every cell there is to be. */
    public PerplexityPlan plan() {
        return plan;
    }

    /** What the scalings read, with the factor that {@code auto} came to. */
    public RopeSettings rope() {
        return encodings.rope();
    }

    /** Every cell of the plan that is finished. */
    public List<PerplexityCell> finished() throws IOException {
        return cells.finished();
    }

    /** Every cell of the plan that is not finished, in the order in which they will run. */
    public List<PerplexityKey> missing() {
        return cells.missing();
    }

    /**
     * Measures the missing cells, short lengths first.
     *
     * @param stop asked often; once true, this returns soon, without the cell that was running
     * @return whether every cell of the plan is finished
     */
    public boolean run(RunListener<PerplexityKey, PerplexityCell> listener, BooleanSupplier stop) throws IOException {
        RunProgress progress = new RunProgress(listener::advanced, stop, System::nanoTime);
        for (PerplexityKey key : missing()) {
            progress.plan(key.length(), cost(windows(key)));
        }
        for (PerplexityKey key : missing()) {
            PerplexityCell cell;
            try {
                listener.cellStarted(key);
                cell = measure(key, progress);
            } catch (RunProgress.Stopped stopped) {
                return false;
            }
            cells.keep(key, cell);
            listener.cellFinished(cell);
        }
        return true;
    }

    private List<TextWindow> windows(PerplexityKey key) {
        return settings.protocol().windows(text(key).tokens().length, key.length(), bos().isPresent());
    }

    private double cost(List<TextWindow> windows) {
        return windows.stream().mapToDouble(window -> cost.of(window.length())).sum();
    }

    private PerplexityCell measure(PerplexityKey key, RunProgress progress) {
        PerplexityMeter meter = new PerplexityMeter(key.length());
        LayerFrequencies encoding = encodings.frequencies(key.encoding(), key.length());
        long nanos = 0;
        for (List<TextWindow> call : calls(windows(key))) {
            List<TokenWindow> windows = new ArrayList<>();
            for (TextWindow window : call) {
                windows.add(new TokenWindow(window.tokens(text(key).tokens(), bos()), window.firstScored()));
            }
            long started = System.nanoTime();
            float[][] losses = progress.pass(
                    key.length(),
                    cost(call),
                    listener ->
                            model.decoder().negativeLogLikelihoods(new RotaryEncoding(encoding), windows, listener));
            nanos += System.nanoTime() - started;
            for (int i = 0; i < losses.length; i++) {
                meter.add(call.get(i), losses[i]);
            }
        }
        return meter.cell(key.encoding(), key.document(), Math.max(1, nanos) * 1e-9);
    }

    /** Windows in their order, in groups for one call of the decoder each. */
    private static List<List<TextWindow>> calls(List<TextWindow> windows) {
        List<List<TextWindow>> calls = new ArrayList<>();
        List<TextWindow> call = new ArrayList<>();
        int tokens = 0;
        for (TextWindow window : windows) {
            if (!call.isEmpty() && tokens + window.length() > TOKENS_A_CALL) {
                calls.add(call);
                call = new ArrayList<>();
                tokens = 0;
            }
            call.add(window);
            tokens += window.length();
        }
        calls.add(call);
        return calls;
    }

    /** The results as far as they are finished. */
    public PerplexityResults results(Provenance provenance) throws IOException {
        Map<String, String> text = encodings.settingsText();
        text.put("maximumTokens", settings.maximumTokens() == 0 ? "all" : String.valueOf(settings.maximumTokens()));
        return PerplexityResults.of(plan, text, provenance, finished());
    }
}
