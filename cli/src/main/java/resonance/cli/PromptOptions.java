package resonance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the text that a model goes on from. */
final class PromptOptions {
    private static final Path STANDARD_INPUT = Path.of("-");

    /** Bytes; far more than any model reads. */
    private static final int LONGEST_PROMPT = 1 << 26;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "text to continue, as it is: no chat template")
    private @Nullable String prompt;

    @Option(
            names = "--prompt-file",
            paramLabel = "FILE",
            description = "file with the text to continue; - is standard input")
    private @Nullable Path file;

    /**
     * The prompt.
     *
     * @param in read if the command line says so
     * @throws IllegalArgumentException if there is not exactly one, or it can't be read
     */
    String text(InputStream in) throws IOException {
        if (prompt != null && file != null) {
            throw new IllegalArgumentException(
                    "--prompt must be given without --prompt-file, was given with it; leave one of them out");
        }
        if (prompt != null) {
            return prompt;
        }
        if (file == null) {
            throw new IllegalArgumentException(
                    "--prompt must be given, was left out; --prompt-file - reads it from standard input");
        }
        if (!file.equals(STANDARD_INPUT) && !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("--prompt-file must be a file, was " + file
                    + (Files.exists(file) && !Files.isDirectory(file) ? ", a pipe or a device" : "")
                    + "; correct the path, or - for standard input");
        }
        byte[] bytes = bytes(in, file);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("--prompt-file must be text in UTF-8, was not: " + file, e);
        }
    }

    private static byte[] bytes(InputStream in, Path file) throws IOException {
        byte[] bytes;
        if (file.equals(STANDARD_INPUT)) {
            bytes = in.readNBytes(LONGEST_PROMPT + 1);
        } else {
            try (InputStream text = Files.newInputStream(file)) {
                bytes = text.readNBytes(LONGEST_PROMPT + 1);
            }
        }
        if (bytes.length > LONGEST_PROMPT) {
            throw new IllegalArgumentException("--prompt-file must hold at most " + LONGEST_PROMPT
                    + " bytes, holds more: " + file + "; a prompt is what a model reads at once");
        }
        return bytes;
    }
}
