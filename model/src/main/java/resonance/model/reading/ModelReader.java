package resonance.model.reading;

import java.nio.file.Files;
import java.nio.file.Path;
import resonance.model.Model;
import resonance.model.ModelFormatException;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufModel;
import resonance.model.huggingface.HuggingFaceModel;

/** Tells a model's format and opens it. */
public final class ModelReader {
    private ModelReader() {}

    /**
     * Opens a folder with {@code config.json}, {@code *.safetensors} and {@code tokenizer.json}, a GGUF file (told by its
     * first bytes, not by its name), or a folder whose only model is one {@code .gguf} file.
     *
     * @throws ModelFormatException if the model can't be read, is damaged, or is of a kind that is not known
     */
    public static Model open(Path path) {
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(HuggingFaceModel.CONFIG))
                    ? HuggingFaceModel.open(path)
                    : GgufModel.open(GgufFile.onlyIn(path));
        }
        String rule = "model must be a folder or a GGUF file, was " + path;
        if (!Files.exists(path)) {
            throw new ModelFormatException(rule + ", which isn't there");
        }
        if (GgufFile.isGguf(path)) {
            return GgufModel.open(path);
        }
        String cure = path.toString().endsWith(".safetensors")
                ? "; name the folder that holds it, with its " + HuggingFaceModel.CONFIG
                : "";
        throw new ModelFormatException(rule + cure);
    }
}
