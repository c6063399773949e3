package resonance.evaluation.longbench;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The share of an answer's numbers that are the right one: {@code count_score} and {@code retrieval_score} of LongBench's
 * {@code metrics.py}. Numbers are compared as text, so "07" is not "7".
 */
final class NumberMatch {
    private static final Pattern NUMBER = Pattern.compile("\\p{Nd}+");

    private NumberMatch() {}

    /** From 0 to 1; 0 where the answer has no number. */
    static double score(String answer, String number) {
        List<String> numbers =
                NUMBER.matcher(answer).results().map(MatchResult::group).toList();
        long right = numbers.stream().filter(number::equals).count();
        return numbers.isEmpty() ? 0 : (double) right / numbers.size();
    }

    /** The first number right behind a word, such as 7 of "Paragraph 7"; empty if there is none, and then no number is right. */
    static String behind(String word, String reference) {
        Matcher numbered = Pattern.compile(Pattern.quote(word) + "(\\p{Nd}+)").matcher(reference);
        return numbered.find() ? numbered.group(1) : "";
    }
}
