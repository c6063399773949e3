package resonance.language;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.model.Tokenizer;
import resonance.rope.Refusal;
import resonance.study.Sha256;

/**
 * A text file in tokens.
 *
 * @param document its name and hash, and how many tokens are used
 * @param tokens ids of the used tokens, without special tokens
 * @param tokensInFile tokens of what was read of the file, at least as many as are used
 */
@SuppressWarnings("ArrayRecordComponent") // a large vector that is handed on, never compared
record MeasuredText(MeasuredDocument document, int[] tokens, int tokensInFile) {
    /** Bytes that are read at first, and more for each token that is wanted; twice as many where that is too few. */
    private static final int FIRST_BYTES = 1 << 20;

    private static final int BYTES_A_TOKEN = 16;

    /** Tokens at the end of what was read that what follows could change. */
    private static final int MARGIN = 64;

    private static final int LONGEST = Integer.MAX_VALUE - 8;

    /**
     * Reads a file, or as much of its beginning as the tokens need: the hash is that of what was read.
     *
     * @param name what the document is called
     * @param maximumTokens tokens that are used at most, from the beginning; 0 for all
     * @throws IllegalArgumentException if the file is not UTF-8 text
     */
    static MeasuredText read(Path file, String name, Tokenizer tokenizer, int maximumTokens) throws IOException {
        if (Files.isDirectory(file)) {
            throw Refusal.of("text", "must be a file", file + " is a folder").cure("name the files in it");
        }
        if (!Files.exists(file)) {
            throw Refusal.of("{text} " + file, "must exist", "was not found");
        }
        long size = Files.size(file);
        long read = maximumTokens == 0 ? size : FIRST_BYTES + (long) BYTES_A_TOKEN * maximumTokens;
        while (true) {
            boolean whole = read >= size;
            byte[] bytes = beginning(file, Math.min(read, size));
            String text = text(file, bytes, whole);
            int[] tokens = tokenizer.encode(text);
            if (whole || tokens.length - MARGIN >= maximumTokens) {
                int used = maximumTokens == 0 ? tokens.length : Math.min(tokens.length, maximumTokens);
                int[] measured = Arrays.copyOf(tokens, used);
                String measuredText = used == tokens.length ? text : tokenizer.decode(measured);
                MeasuredDocument document = new MeasuredDocument(
                        name,
                        Sha256.of(bytes),
                        used,
                        measuredText.getBytes(StandardCharsets.UTF_8).length,
                        Sha256.of(bytes(measured)));
                return new MeasuredText(document, measured, tokens.length);
            }
            read *= 2;
        }
    }

    /** Four bytes an id, the most significant first. */
    private static byte[] bytes(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * ids.length);
        bytes.asIntBuffer().put(ids);
        return bytes.array();
    }

    private static byte[] beginning(Path file, long bytes) throws IOException {
        if (bytes > LONGEST) {
            throw Refusal.of("{text} " + file, "must be at most " + LONGEST + " bytes", "was of " + bytes)
                    .cure("use its first tokens alone");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes((int) bytes);
        }
    }

    /** What the bytes say; a character that the end cuts through is left out unless they are the whole file. */
    private static String text(Path file, byte[] bytes, boolean whole) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        if (decoder.decode(ByteBuffer.wrap(bytes), text, whole).isError()) {
            throw Refusal.of("{text} " + file, "must be UTF-8", "is not")
                    .cure("convert it, for example with iconv -f latin1 -t utf-8");
        }
        return text.flip().toString();
    }

    /** The same of several files, by what they are called. */
    static Map<String, MeasuredText> read(List<Path> files, Tokenizer tokenizer, int maximumTokens) throws IOException {
        List<String> names = names(files);
        Map<String, MeasuredText> texts = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            texts.put(names.get(i), read(files.get(i), names.get(i), tokenizer, maximumTokens));
        }
        return texts;
    }

    /** What files are called: their names, or paths where two names are the same. */
    private static List<String> names(List<Path> files) {
        List<String> names =
                files.stream().map(file -> String.valueOf(file.getFileName())).toList();
        return names.stream().distinct().count() == names.size()
                ? names
                : files.stream().map(Path::toString).toList();
    }
}
