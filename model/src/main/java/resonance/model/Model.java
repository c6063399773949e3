package resonance.model;

import java.util.Optional;
import resonance.decoder.WeightSource;

/**
 * A language model on disk: a Hugging Face folder or a GGUF file.
 *
 * <p>Weights are memory-mapped and read on demand, so a model larger than the heap opens. Reading is thread safe. Close
 * it when no weights are to be read any more. {@code resonance.model.reading} opens models.
 */
public interface Model extends ModelPositions {
    ModelDescription description();

    @Override
    default String name() {
        return description().name();
    }

    @Override
    default PositionSettings positions() {
        return description().positions();
    }

    /** Every parameter of the {@linkplain ModelDescription#decoder decoder}, read as float32 whatever format it is stored in. */
    WeightSource weights();

    /**
     * Every parameter as it would be read from files of this format that hold new values for some: in the type that stores a
     * parameter now, or float16 where that is a quantised one.
     */
    WeightSource rewritten(ChangedWeights changed);

    /** The tokenizer, made at the first call. */
    Tokenizer tokenizer();

    /** The chat template that comes with the model, a program in Jinja; empty for a model that was not taught to chat. */
    default Optional<String> chatTemplate() {
        return Optional.empty();
    }

    /** SHA-256 of every byte that defines the model (config, weights, tokenizer), lower-case hexadecimal; reads all files. */
    String sha256();
}
