package resonance.evaluation.ruler;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import resonance.evaluation.task.PythonNumber;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TaskScoring;

/**
 * RULER's score of an answer: {@code string_match_all} of {@code scripts/eval/synthetic/constants.py}, after the clean-up of
 * {@code scripts/eval/evaluate.py} (NVIDIA/RULER, commit c3f5e3b).
 *
 * <pre>  score = references that the answer holds, whatever their case / references,   0 to 1
 *   task  = 100 · mean of the scores over its samples, two decimals                 </pre>
 *
 * <p>The clean-up also takes white space off both ends, which changes no score: no reference begins or ends with any.
 */
final class StringMatch implements TaskScoring {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f]");

    @Override
    public List<Double> parts(TaskReference reference, List<String> answers) {
        String answer = processed(reference, answers);
        return List.of((double) held(reference, answer) / reference.answers().size());
    }

    @Override
    public String processed(TaskReference reference, List<String> answers) {
        return cleaned(answers.get(0)).strip();
    }

    /** What it holds stays in it. */
    @Override
    public boolean isSettled(TaskReference reference, int prompt, String answerSoFar) {
        return held(reference, cleaned(answerSoFar)) == reference.answers().size();
    }

    private static long held(TaskReference reference, String answer) {
        String lower = answer.toLowerCase(Locale.ROOT);
        return reference.answers().stream()
                .filter(wanted -> lower.contains(wanted.toLowerCase(Locale.ROOT)))
                .count();
    }

    private static String cleaned(String answer) {
        return CONTROL.matcher(answer).replaceAll("\n");
    }

    @Override
    public int decimals() {
        return 2;
    }

    /** In the order of theirs, {@code sum / count * 100}, which may round otherwise than {@code 100 * sum / count}. */
    @Override
    public double percent(List<List<Double>> parts) {
        double sum = 0;
        for (List<Double> question : parts) {
            sum += question.get(0);
        }
        return PythonNumber.round(sum / parts.size() * 100, decimals());
    }
}
