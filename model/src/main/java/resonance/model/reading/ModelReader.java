package resonance.model.reading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import resonance.model.Model;
import resonance.model.ModelFormatException;
import resonance.model.ModelPositions;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufModel;
import resonance.model.huggingface.HuggingFaceModel;
import resonance.model.huggingface.HuggingFacePositions;

/** Tells a model's format and opens it, whole or as far as its positions go. */
public final class ModelReader {
    /** Blanks that a JSON file may begin with. */
    private static final int LONGEST_INDENT = 256;

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
        if (Files.exists(path) && GgufFile.isGguf(path)) {
            return GgufModel.open(path);
        }
        throw unfit(path, "model must be a folder or a GGUF file, was ");
    }

    /**
     * Opens a model as far as its positions go: a folder with {@code config.json}, with weights or without; such a file by any
     * name; or what {@link #open} takes.
     *
     * @throws ModelFormatException if it can't be read, or its position encoding is not known
     */
    public static ModelPositions positions(Path path) {
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(HuggingFaceModel.CONFIG))
                    ? HuggingFacePositions.open(path)
                    : GgufModel.open(GgufFile.onlyIn(path));
        }
        if (Files.exists(path) && GgufFile.isGguf(path)) {
            return GgufModel.open(path);
        }
        if (isJson(path)) {
            return HuggingFacePositions.open(path);
        }
        throw unfit(path, "model must be a folder, a " + HuggingFaceModel.CONFIG + " or a GGUF file, was ");
    }

    /** Whether a file begins as a JSON object does. */
    private static boolean isJson(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST_INDENT), StandardCharsets.UTF_8)
                    .strip()
                    .startsWith("{");
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static ModelFormatException unfit(Path path, String rule) {
        String cure = !Files.exists(path)
                ? ", which isn't there"
                : path.toString().endsWith(".safetensors")
                        ? "; name the folder that holds it, with its " + HuggingFaceModel.CONFIG
                        : "";
        return new ModelFormatException(rule + path + cure);
    }
}
