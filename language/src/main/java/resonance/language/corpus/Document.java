package resonance.language.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import resonance.rope.Refusal;

/**
 * A text of its own among those that a model is trained on: a file of plain text, the field of a row of a JSONL file, in which
 * every line is an object, or a row of a Parquet file, which holds text or token ids.
 */
public sealed interface Document {
    /** Its file, and its line or row where a file holds many. */
    String place();

    /**
     * A document as text.
     *
     * @param text not empty
     */
    record Text(String place, String text) implements Document {}

    /** A document as a tokenizer made it, with whatever special tokens that put around it. */
    final class Tokens implements Document {
        private final String place;
        private final int[] ids;

        /**
         * Takes the ids without a copy.
         *
         * @param ids at least one; which tokenizer they are of can't be seen
         */
        public Tokens(String place, int[] ids) {
            this.place = place;
            this.ids = ids;
        }

        @Override
        public String place() {
            return place;
        }

        /** The ids themselves, not a copy. */
        public int[] ids() {
            return ids;
        }
    }

    /** A file and the documents in it. */
    record OfFile(SourceText source, List<Document> documents) {
        public OfFile {
            documents = List.copyOf(documents);
        }
    }

    /**
     * Reads a file's documents; what it is, its name's ending says: {@code .jsonl} or {@code .ndjson} for rows of JSON, that of a {@link
     * DocumentFormat}, anything else for plain text. Blank lines between rows of JSON are passed over.
     *
     * @param field of each row that holds its text; not read of plain text
     * @throws IllegalArgumentException if the file is empty or not UTF-8, a row is no JSON object, lacks the field or has no text
     *     in it, or nothing reads files of this kind; the message names file and line
     */
    static OfFile read(Path file, String field) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        Optional<DocumentFormat> format = ServiceLoader.load(DocumentFormat.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(known -> known.endings().stream().anyMatch(name::endsWith))
                .findFirst();
        if (format.isPresent()) {
            return new OfFile(SourceText.of(file), format.get().read(file, field));
        }
        if (name.endsWith(".parquet")) {
            throw Refusal.of("{texts} " + file, "must have the module parquet on the class path", "it is not there")
                    .cure("start by ./resonance, which adds it");
        }
        SourceText.Read read = SourceText.read(file);
        if (!name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
            return new OfFile(read.source(), List.of(new Text(file.toString(), read.text())));
        }
        return new OfFile(read.source(), JsonRows.documents(file, read.text(), field));
    }
}
