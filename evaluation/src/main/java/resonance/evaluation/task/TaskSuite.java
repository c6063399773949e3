package resonance.evaluation.task;

import java.io.IOException;
import java.util.List;

/**
 * A benchmark of tasks with one answer each that a program can score: L-Eval, RULER, LongBench. Without state: its tasks are
 * opened from a {@link SuiteSource}, and their answers are scored without one.
 */
public interface TaskSuite {
    /** What the command line and records call it, for example {@code leval}. */
    String name();

    /** What people call it, for example "L-Eval". */
    String label();

    /** Names of all its tasks, in the order of its tables. */
    List<String> taskNames();

    /** Whether its tasks are read from a folder, without which there are none. */
    default boolean needsData() {
        return true;
    }

    /** How many questions of each task are asked unless somebody says otherwise; as many as there are where there are fewer. */
    default int usualQuestions() {
        return Integer.MAX_VALUE;
    }

    /**
     * How answers of a task are scored.
     *
     * @throws IllegalArgumentException if the suite has no such task
     */
    TaskScoring scoring(String task);

    /**
     * A task's questions.
     *
     * @throws TaskDataException if its file is missing or damaged; the message names the file and the line
     * @throws IllegalArgumentException if the suite has no such task
     */
    Task open(String task, SuiteSource source) throws IOException;
}
