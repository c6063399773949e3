package resonance.evaluation.ruler;

import java.util.List;
import java.util.Locale;

/** What keys and values are. */
enum NeedleKind {
    NUMBERS("1234567"),
    WORDS("adjective-noun"),
    UUIDS("01234567-89ab-4cde-8f01-23456789abcd");

    private final String specimen;

    NeedleKind(String specimen) {
        this.specimen = specimen;
    }

    /** A value of this kind. */
    String specimen() {
        return specimen;
    }

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
