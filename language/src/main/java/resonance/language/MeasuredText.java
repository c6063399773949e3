package resonance.language;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.model.Tokenizer;
import resonance.study.Sha256;

/**
 * A text file in tokens.
 *
 * @param document its name and hash, and how many tokens are used
 * @param tokens ids of the used tokens, without special tokens
 * @param tokensInFile tokens of the whole file
 */
@SuppressWarnings("ArrayRecordComponent") // a large vector that is handed on, never compared
record MeasuredText(MeasuredDocument document, int[] tokens, int tokensInFile) {
    /**
     * Reads a file.
     *
     * @param name what the document is called
     * @param maximumTokens tokens that are used at most, from the beginning; 0 for all
     * @throws IllegalArgumentException if the file is not UTF-8 text
     */
    static MeasuredText read(Path file, String name, Tokenizer tokenizer, int maximumTokens) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("text must be a file, " + file + " is a folder; name the files in it");
        }
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("text " + file + " must exist, was not found");
        }
        byte[] bytes = Files.readAllBytes(file);
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "text " + file + " must be UTF-8, is not; convert it, for example with"
                            + " iconv -f latin1 -t utf-8",
                    e);
        }
        int[] all = tokenizer.encode(text);
        int used = maximumTokens == 0 ? all.length : Math.min(all.length, maximumTokens);
        MeasuredDocument document = new MeasuredDocument(name, Sha256.of(bytes), used);
        return new MeasuredText(document, Arrays.copyOf(all, used), all.length);
    }

    /** What files are called: their names, or paths where two names are the same. */
    static List<String> names(List<Path> files) {
        List<String> names =
                files.stream().map(file -> String.valueOf(file.getFileName())).toList();
        return names.stream().distinct().count() == names.size()
                ? names
                : files.stream().map(Path::toString).toList();
    }
}
