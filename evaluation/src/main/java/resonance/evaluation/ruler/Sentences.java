package resonance.evaluation.ruler;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.evaluation.task.PythonText;

/**
 * Prose cut into words and sentences, between which needles go.
 *
 * <p>A sentence ends at white space behind a full stop, question or exclamation mark, with a closing quote or bracket behind it
 * or not, unless the stop belongs to a title ("Mr."). NVIDIA's code asks NLTK's Punkt, a trained model, which knows more
 * abbreviations; the text is the same, a needle may stand elsewhere.
 */
final class Sentences {
    private static final Pattern END =
            Pattern.compile("(?:(?<=[.?!])|(?<=[.?!][\"'”’)\\]]))(?<!\\b(?:Mr|Mrs|Ms|Dr|St)\\.) ");

    private Sentences() {}

    /** Words between single spaces; white space at an end makes an empty word, as with Python's {@code split(" ")}. */
    static List<String> words(String prose) {
        return List.of(PythonText.squeezed(prose).split(" ", -1));
    }

    /** The first words of the prose, begun again as often as it takes. */
    static String first(int count, List<String> words) {
        return PythonText.strip(Stream.iterate(0, i -> (i + 1) % words.size())
                .limit(count)
                .map(words::get)
                .collect(Collectors.joining(" ")));
    }

    /** Sentences of words between single spaces. */
    static List<String> of(String text) {
        return List.of(END.split(text, -1));
    }
}
