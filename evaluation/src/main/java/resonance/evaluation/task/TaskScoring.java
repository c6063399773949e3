package resonance.evaluation.task;

import java.util.ArrayList;
import java.util.List;

/**
 * How answers of a task are scored: a pure function of what the model wrote and of the reference.
 *
 * <pre>  parts of question q   p_q1 .. p_qm in [0, 1]; nearly always one
 *   score of question q   mean over k of p_qk
 *   score of the task     mean over k of round(100 · mean over q of p_qk), in percent </pre>
 *
 * <p>Rounded as Python's {@code round} does: correctly from the exact binary value, ties to even.
 */
public interface TaskScoring {
    /**
     * The parts of a question's score.
     *
     * @param reference of the question
     * @param answers what the model wrote after each of the question's prompts, as it is
     * @return each from 0 to 1, as many for every question of the task
     */
    List<Double> parts(TaskReference reference, List<String> answers);

    /** Decimals of the task's score in percent. */
    int decimals();

    /** What is compared of an answer, for people; the answer itself unless it is processed first. */
    default String processed(TaskReference reference, List<String> answers) {
        return String.join(" ", answers);
    }

    /**
     * Whether an answer can't change its score any more, however it goes on. Generation may stop there.
     *
     * @param prompt which of the question's prompts it answers
     * @param answerSoFar what was written of it
     */
    default boolean isSettled(TaskReference reference, int prompt, String answerSoFar) {
        return false;
    }

    /** The score of one question, from 0 to 1. */
    default double score(TaskReference reference, List<String> answers) {
        return mean(parts(reference, answers));
    }

    /**
     * The task's score in percent.
     *
     * @param parts of every question, at least one
     */
    default double percent(List<List<Double>> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("parts must be those of at least one question, were none");
        }
        List<Double> percents = new ArrayList<>();
        for (int k = 0; k < parts.get(0).size(); k++) {
            double sum = 0;
            for (List<Double> question : parts) {
                sum += question.get(k);
            }
            percents.add(PythonNumber.round(100 * sum / parts.size(), decimals()));
        }
        return mean(percents);
    }

    private static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.size();
    }
}
