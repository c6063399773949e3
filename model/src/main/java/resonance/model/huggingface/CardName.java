package resonance.model.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import resonance.model.ModelDescription;

/**
 * What a model's card calls it: {@code model_name} in the block between two lines of three hyphens that begins {@code
 * README.md}.
 *
 * <p>The configuration's {@code _name_or_path} is no name: in a fine-tuned model it is the model that training began from,
 * or a folder on the trainer's machine.
 */
final class CardName {
    private static final String CARD = "README.md";
    private static final String MARK = "---";
    private static final String KEY = "model_name:";
    private static final int MOST_BYTES = 1 << 16;

    private CardName() {}

    /** The name, without control characters; empty if there is no card, it can't be read or it says none. */
    static Optional<String> of(Path folder) {
        List<String> lines;
        try (InputStream in = Files.newInputStream(folder.resolve(CARD))) {
            lines = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException noCard) {
            return Optional.empty();
        }
        if (lines.isEmpty() || !lines.get(0).strip().equals(MARK)) {
            return Optional.empty();
        }
        return lines.stream()
                .skip(1)
                .takeWhile(line -> !line.strip().equals(MARK))
                .filter(line -> line.startsWith(KEY))
                .map(line -> ModelDescription.printable(
                        unquoted(line.substring(KEY.length()).strip())))
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    /** A text of YAML in one line, with or without quotation marks. */
    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && text.charAt(0) == text.charAt(text.length() - 1);
        if (quoted && text.startsWith("'")) {
            return text.substring(1, text.length() - 1).replace("''", "'");
        }
        if (quoted && text.startsWith("\"")) {
            return text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
        }
        return text;
    }
}
