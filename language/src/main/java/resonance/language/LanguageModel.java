package resonance.language;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.MeasuredModel;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.Tokenizer;
import resonance.model.reading.ModelReader;
import resonance.rope.Refusal;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;

/**
 * A language model ready to run: its file, its tokenizer, and its weights in the decoder, loaded at once or when they are first
 * asked for. Close it to free the weights.
 */
public final class LanguageModel implements AutoCloseable {
    private final Model model;
    private final PrecisionChoice precision;
    private final int threads;
    private @Nullable FrozenDecoder decoder;

    private LanguageModel(Model model, PrecisionChoice precision, int threads) {
        this.model = model;
        this.precision = precision;
        this.threads = threads;
    }

    /**
     * Opens a model and loads its weights.
     *
     * @param path a Hugging Face folder or a GGUF file
     * @param precision number format of the products with weights
     * @param threads threads that run it, at least 1
     * @throws resonance.model.ModelFormatException if the model can't be read, is damaged, or is of a kind that is not
     *     known
     */
    public static LanguageModel open(Path path, Precision precision, int threads) {
        return load(ModelReader.open(path), PrecisionChoice.asked(precision), threads);
    }

    /** {@link #load(Model, PrecisionChoice, int)} in a format that was asked for. */
    public static LanguageModel load(Model model, Precision precision, int threads) {
        return load(model, PrecisionChoice.asked(precision), threads);
    }

    /**
     * Loads the weights of an open model, which belongs to the language model from then on: it is closed with it, and
     * also if this fails.
     */
    public static LanguageModel load(Model model, PrecisionChoice precision, int threads) {
        LanguageModel unloaded = withoutWeights(model, precision, threads);
        try {
            unloaded.decoder();
            return unloaded;
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    /**
     * The same without its weights, which are loaded when {@link #decoder} is first asked for: for who only plans work, and who may
     * come to do it.
     */
    public static LanguageModel withoutWeights(Model model, PrecisionChoice precision, int threads) {
        if (threads < 1) {
            model.close();
            throw Refusal.of("threads", "must be at least 1", "was " + threads);
        }
        return new LanguageModel(model, precision, threads);
    }

    /** The model's sizes and settings. */
    public ModelDescription description() {
        return model.description();
    }

    /** Text to token ids and back. */
    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    /** The weights, ready to run. */
    public synchronized FrozenDecoder decoder() {
        if (decoder == null) {
            decoder = FrozenDecoder.load(description().decoder(), model.weights(), precision.precision(), threads);
        }
        return decoder;
    }

    /** What runs, for estimates of memory. */
    public InferenceMemory.Decoder running() {
        return new InferenceMemory.Decoder(description().decoder(), precision(), threads);
    }

    /** The model as records call it; reads its files whole, for their hash. */
    MeasuredModel measured() {
        return new MeasuredModel(
                description().name(),
                model.sha256(),
                description().rope().shape().trainedLength());
    }

    /** The files. */
    public Model model() {
        return model;
    }

    /** Number format of the products with weights. */
    public Precision precision() {
        return precision.precision();
    }

    /** The same, and why it is this one. */
    public PrecisionChoice precisionChoice() {
        return precision;
    }

    /** Threads that run it. */
    public int threads() {
        return threads;
    }

    @Override
    public synchronized void close() {
        try (model) {
            if (decoder != null) {
                decoder.close();
            }
        }
    }
}
