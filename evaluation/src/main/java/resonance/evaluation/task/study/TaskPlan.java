package resonance.evaluation.task.study;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import resonance.evaluation.Contrast;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.task.PromptStyle;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;

/**
 * What an evaluation consists of: the first questions of every task, at every length, under every encoding.
 *
 * @param model what is asked
 * @param suite its name, for example {@code leval}
 * @param style how prompts are written
 * @param encodings position encodings, at least one, none twice
 * @param lengths tokens that prompt and answer may have; at least one, ascending
 * @param tasks at least one, no name twice
 */
public record TaskPlan(
        MeasuredModel model,
        String suite,
        PromptStyle style,
        List<EncodingName> encodings,
        List<Integer> lengths,
        List<PlannedTask> tasks) {

    /**
     * A task and how much of it is asked.
     *
     * @param name for example {@code coursera}
     * @param questions how many are asked, the first ones; at least 1
     * @param available how many the suite has
     * @param newTokens most tokens of an answer
     */
    public record PlannedTask(String name, int questions, int available, int newTokens) {
        public PlannedTask {
            if (questions < 1 || questions > available) {
                throw new IllegalArgumentException(
                        "questions must be from 1 to " + available + ", were " + questions + " of " + name);
            }
        }
    }

    public TaskPlan {
        encodings = DistinctList.of("encodings", encodings);
        lengths = DistinctList.ascending("lengths", lengths);
        tasks = List.copyOf(tasks);
        DistinctList.of("tasks", tasks.stream().map(PlannedTask::name).toList());
    }

    /** All questions: length by length, task by task, encoding by encoding. */
    public List<TaskKey> cells() {
        List<TaskKey> cells = new ArrayList<>();
        for (int length : lengths) {
            for (PlannedTask task : tasks) {
                for (EncodingName encoding : encodings) {
                    for (int question = 0; question < task.questions; question++) {
                        cells.add(new TaskKey(encoding, length, task.name, question));
                    }
                }
            }
        }
        return List.copyOf(cells);
    }

    /** What is measured against what: every other encoding against the first, and the usual pairs among them. */
    public List<Contrast> contrasts() {
        Stream<Contrast> againstFirst = encodings.stream().skip(1).map(other -> new Contrast(other, encodings.get(0)));
        return Stream.concat(Contrast.among(encodings).stream(), againstFirst)
                .distinct()
                .toList();
    }
}
