package resonance.evaluation.longbench;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import resonance.evaluation.task.PythonText;

/**
 * How many words answer and reference share, as SQuAD scores it: {@code qa_f1_score} of LongBench's {@code metrics.py}.
 *
 * <pre>  words     = lower-cased, without ASCII punctuation and without a, an, the
 *   precision = shared words / words of the answer,   recall = shared words / words of the reference
 *   F1        = 2 · precision · recall / (precision + recall),   0 without a shared word </pre>
 */
final class TokenF1 {
    /** What {@code \w} matches in Python, which leaves combining marks out. */
    private static final String WORD_CHARACTER = "[\\p{L}\\p{N}_]";

    private static final Pattern ARTICLE =
            Pattern.compile("(?<!" + WORD_CHARACTER + ")(?:a|an|the)(?!" + WORD_CHARACTER + ")");

    private TokenF1() {}

    static double score(String answer, String reference) {
        List<String> given = words(answer);
        List<String> wanted = words(reference);
        int shared = shared(given, wanted);
        if (shared == 0) {
            return 0;
        }
        double precision = 1.0 * shared / given.size();
        double recall = 1.0 * shared / wanted.size();
        return 2 * precision * recall / (precision + recall);
    }

    private static List<String> words(String text) {
        String plain = PythonText.withoutPunctuation(text.toLowerCase(Locale.ROOT));
        return PythonText.words(ARTICLE.matcher(plain).replaceAll(" "));
    }

    /** Words in both, each as often as where it is rarer. */
    private static int shared(List<String> given, List<String> wanted) {
        Map<String, Integer> left = new HashMap<>();
        wanted.forEach(word -> left.merge(word, 1, Integer::sum));
        int shared = 0;
        for (String word : given) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                shared++;
            }
        }
        return shared;
    }
}
