package resonance.evaluation.task;

import java.util.List;

/**
 * One question of a task.
 *
 * @param index its place among the task's questions, from 0
 * @param prompts what the model is asked, each by itself; nearly always one
 * @param reference what its answers are held against
 * @param stops texts that end an answer, which are not part of it; nearly always none
 */
public record TaskQuestion(int index, List<TaskPrompt> prompts, TaskReference reference, List<String> stops) {
    public TaskQuestion {
        prompts = List.copyOf(prompts);
        stops = List.copyOf(stops);
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("prompts must be at least one, were none");
        }
    }
}
