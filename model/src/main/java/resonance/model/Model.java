package resonance.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import resonance.decoder.WeightSource;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufModel;
import resonance.model.huggingface.HuggingFaceModel;

/**
 * A language model on disk: a Hugging Face folder or a GGUF file.
 *
 * <p>Weights are memory-mapped and read on demand, so a model larger than the heap opens. Reading is thread safe. Close
 * it when no weights are to be read any more.
 */
public interface Model extends AutoCloseable {
    /**
     * Opens a folder with {@code config.json}, {@code *.safetensors} and {@code tokenizer.json}, a GGUF file (told by its
     * first bytes, not by its name), or a folder whose only model is one {@code .gguf} file.
     *
     * @throws ModelFormatException if the model can't be read, is damaged, or is of a kind that is not known
     */
    static Model open(Path path) {
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(HuggingFaceModel.CONFIG))
                    ? HuggingFaceModel.open(path)
                    : GgufModel.open(GgufFile.onlyIn(path));
        }
        if (!Files.exists(path)) {
            throw new ModelFormatException(
                    "model must be a folder or a GGUF file, was " + path + ", which isn't there");
        }
        if (GgufFile.isGguf(path)) {
            return GgufModel.open(path);
        }
        String cure = path.toString().endsWith(".safetensors")
                ? "; name the folder that holds it, with its " + HuggingFaceModel.CONFIG
                : "";
        throw new ModelFormatException("model must be a folder or a GGUF file, was " + path + cure);
    }

    /** What was opened. */
    Path path();

    ModelDescription description();

    /** Every parameter of the {@linkplain ModelDescription#decoder decoder}, read as float32 whatever format it is stored in. */
    WeightSource weights();

    /** Settings of the files that have no effect here, as they have none in the engine they are for; one line each. */
    List<String> warnings();

    /** The tokenizer, made at the first call. */
    Tokenizer tokenizer();

    /** SHA-256 of every byte that defines the model (config, weights, tokenizer), lower-case hexadecimal; reads all files. */
    String sha256();

    @Override
    void close();
}
