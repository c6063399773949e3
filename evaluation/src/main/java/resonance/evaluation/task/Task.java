package resonance.evaluation.task;

import java.util.List;
import java.util.Map;

/** The questions of one task of a suite. */
public interface Task {
    /** Its name within the suite, for example {@code coursera}. */
    String name();

    /** How many questions there are. */
    int count();

    /** Most tokens of an answer, as the benchmark has it. */
    int newTokens();

    /** Most tokens of an answer at a length; {@link #newTokens()} unless a short one has no room for so many. */
    default int newTokens(int length) {
        return newTokens();
    }

    /**
     * What the questions are made from, as text by name: the hash of a file, or seed and version of what makes them. With the
     * index, the {@link QuestionSettings} and the tokenizer it says which question is asked.
     */
    Map<String, String> identity();

    /**
     * The first questions, always the same for the same arguments; more of them leave the first ones as they were.
     *
     * @param count how many, from 1 to {@link #count()}
     * @throws resonance.rope.Refusal of {@code lengths} if a question does not fit the length; it says which length it takes
     */
    List<TaskQuestion> questions(int count, QuestionSettings settings);
}
