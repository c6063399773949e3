package resonance.language.pretraining;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import resonance.study.Sha256;

/**
 * A text that a model was trained on, as its record names it.
 *
 * @param name the file's name without its folder
 * @param bytes its size
 * @param sha256 hash of its bytes, lower-case hexadecimal
 */
public record SourceText(String name, long bytes, String sha256) {

    /** A file's name, size and hash with what is in it. */
    record Read(SourceText source, String text) {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is empty or not UTF-8
     */
    static Read read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            throw new IllegalArgumentException(file + ": text must not be empty");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    file + ": text must be UTF-8; convert it first, for example with iconv", e);
        }
        return new Read(new SourceText(String.valueOf(file.getFileName()), bytes.length, Sha256.of(bytes)), text);
    }
}
