package resonance.posgen;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** How sequences are written to a file, in ASCII with "\n" as the line end on every system. */
public enum SequenceFormat {

    /** A sequence a line, tokens joined by one space, no line end after the last: the authors' format. */
    TEXT("text", ".txt", "", ' ', "", false),

    /** A JSON object a line, as in <code>{"tokens":[2,0,3,1,6]}</code>, each with a line end. */
    JSONL("jsonl", ".jsonl", "{\"tokens\":[", ',', "]}", true);

    private final String commandName;
    private final String extension;
    private final String before;
    private final char separator;
    private final String after;
    private final boolean endsWithLineEnd;

    SequenceFormat(
            String commandName,
            String extension,
            String before,
            char separator,
            String after,
            boolean endsWithLineEnd) {
        this.commandName = commandName;
        this.extension = extension;
        this.before = before;
        this.separator = separator;
        this.after = after;
        this.endsWithLineEnd = endsWithLineEnd;
    }

    /** The name used on the command line and in manifests. */
    public String commandName() {
        return commandName;
    }

    /** The end of a file's name, with its dot. */
    public String extension() {
        return extension;
    }

    /**
     * The format with the given command-line name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names and suggests the nearest
     */
    public static SequenceFormat named(String name) {
        return KnownNames.find("format", name, Arrays.asList(values()), SequenceFormat::commandName);
    }

    /** Writes all sequences of a set; neither flushes nor closes the stream. */
    public void write(SequenceSet set, OutputStream out) throws IOException {
        TokenBuffer buffer = new TokenBuffer(out, separator);
        for (int row = 0; row < set.rows(); row++) {
            if (row > 0) {
                buffer.append("\n");
            }
            buffer.append(before);
            buffer.appendTokens(set.tokens(), row * set.length(), set.length());
            buffer.append(after);
        }
        if (endsWithLineEnd && set.rows() > 0) {
            buffer.append("\n");
        }
        buffer.drain();
    }
}
