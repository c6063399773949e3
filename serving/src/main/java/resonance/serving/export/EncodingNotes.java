package resonance.serving.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What whoever serves an exported encoding should know of it, whatever the engine. */
final class EncodingNotes {
    private EncodingNotes() {}

    static List<String> of(ServedEncoding encoding) {
        List<String> notes = new ArrayList<>();
        if (encoding.fixed()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s depends on the length of the text; its frequencies for %,d tokens are written and serve texts of"
                            + " every length.",
                    encoding.encoding(),
                    encoding.contextLength()));
        }
        return notes;
    }
}
