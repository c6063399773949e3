package resonance.evaluation.task;

import java.util.List;

/**
 * What an answer is scored against, as it stands in the benchmark's data. It is kept with the answer, so that scoring needs nothing else.
 *
 * @param answers right answers, at least one; the scoring says whether all or any are wanted
 * @param choices everything that could be answered, where the scoring reads that; else empty
 */
public record TaskReference(List<String> answers, List<String> choices) {
    public TaskReference {
        answers = List.copyOf(answers);
        choices = List.copyOf(choices);
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("answers must be at least one, were none");
        }
    }

    /** One right answer, and no choices. */
    public static TaskReference of(String answer) {
        return new TaskReference(List.of(answer), List.of());
    }
}
