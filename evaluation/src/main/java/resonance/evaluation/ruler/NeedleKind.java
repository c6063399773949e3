package resonance.evaluation.ruler;

import java.util.List;
import java.util.Locale;

/** What keys and values are. */
enum NeedleKind {
    NUMBERS,
    WORDS,
    UUIDS;

    /** The name in prompts, which is the plural. */
    String plural() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A value drawn. */
    String draw(PythonRandom random, List<String> words) {
        return switch (this) {
            case NUMBERS -> Integer.toString(random.between(1_000_000, 9_999_999));
            case WORDS -> random.choice(words);
            case UUIDS -> random.uuid().toString();
        };
    }
}
