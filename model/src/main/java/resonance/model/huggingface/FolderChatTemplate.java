package resonance.model.huggingface;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import resonance.model.ModelFormatException;

/**
 * The chat template of a folder, where transformers looks for it: {@code chat_template.jinja}, or the key {@code chat_template} of
 * {@code tokenizer_config.json}, which is a text or a list of named ones of which {@code default} is meant.
 */
final class FolderChatTemplate {
    private static final String KEY = "chat_template";

    private FolderChatTemplate() {}

    static Optional<String> read(Path folder) {
        Path own = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(own)) {
            try {
                return text(Files.readString(own));
            } catch (IOException e) {
                throw new ModelFormatException(
                        own + " must be UTF-8 that can be read, is not; remove it or get it anew", e);
            }
        }
        Path config = folder.resolve("tokenizer_config.json");
        if (!Files.exists(config)) {
            return Optional.empty();
        }
        Object said = JsonObjectFile.read(config).values().get(KEY);
        if (said instanceof List<?> named) {
            return named.stream()
                    .filter(one -> one instanceof Map<?, ?> template && "default".equals(template.get("name")))
                    .findFirst()
                    .flatMap(one -> text(((Map<?, ?>) one).get("template")));
        }
        return text(said);
    }

    private static Optional<String> text(@Nullable Object template) {
        return template instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }
}
