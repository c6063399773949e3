package resonance.model;

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

    /** The tokenizer, made at the first call. */
    Tokenizer tokenizer();

    /** SHA-256 of every byte that defines the model (config, weights, tokenizer), lower-case hexadecimal; reads all files. */
    String sha256();
}
