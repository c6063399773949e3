package resonance.evaluation.longbench;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TaskScoring;

/**
 * Whether an answer names the right one of four choices: {@code extract_answer} of {@code pred.py} and {@code result.py} of
 * LongBench version 2 (github.com/THUDM/LongBench, commit 2e00731). An answer without a choice is wrong; theirs can count it as a
 * quarter.
 */
final class MultipleChoice implements TaskScoring {
    private static final Pattern IN_BRACKETS = Pattern.compile("The correct answer is \\(([A-D])\\)");
    private static final Pattern BARE = Pattern.compile("The correct answer is ([A-D])");

    @Override
    public List<Double> parts(TaskReference reference, List<String> answers) {
        return List.of(
                choice(answers.get(0)).filter(reference.answers()::contains).isPresent() ? 1.0 : 0.0);
    }

    @Override
    public String processed(TaskReference reference, List<String> answers) {
        return choice(answers.get(0)).orElse("");
    }

    /** The letter, asterisks passed over; in brackets before one without. */
    private static Optional<String> choice(String answer) {
        String plain = answer.replace("*", "");
        return Stream.of(IN_BRACKETS, BARE)
                .map(pattern -> pattern.matcher(plain))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    @Override
    public boolean isSettled(TaskReference reference, int prompt, String answerSoFar) {
        return IN_BRACKETS.matcher(answerSoFar.replace("*", "")).find();
    }

    @Override
    public int decimals() {
        return 1;
    }
}
