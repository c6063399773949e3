package resonance.language.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import resonance.study.Sha256;

/**
 * A file that a model was trained on, as its record names it.
 *
 * @param name the file's name without its folder
 * @param bytes its size
 * @param sha256 hash of its bytes, lower-case hexadecimal
 */
public record SourceText(String name, long bytes, String sha256) {

    /** A file that is not text. */
    public static SourceText of(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            long bytes = in.transferTo(OutputStream.nullOutputStream());
            return new SourceText(
                    String.valueOf(file.getFileName()), bytes, HexFormat.of().formatHex(digest.digest()));
        }
    }

    /** A file's name, size and hash with what is in it. */
    public record Read(SourceText source, String text) {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is empty or not UTF-8; the message names file and line
     */
    public static Read read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            throw new IllegalArgumentException(file + ": text must not be empty, was of 0 bytes; leave it out");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        if (decoder.decode(in, text, true).isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s:%d: text must be UTF-8, had the byte 0x%02X where no character has one; convert it first, for"
                            + " example with iconv",
                    file,
                    line,
                    bytes[in.position()]));
        }
        SourceText source = new SourceText(String.valueOf(file.getFileName()), bytes.length, Sha256.of(bytes));
        return new Read(source, text.flip().toString());
    }
}
