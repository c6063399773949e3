package resonance.evaluation.leval;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.TaskSuite;
import resonance.rope.Refusal;

/** L-Eval's closed-ended tasks, from the folder with its files ({@code LEval-data/Closed-ended-tasks}). */
public final class LevalSuite implements TaskSuite {
    static final String LABEL = "L-Eval";

    @Override
    public String name() {
        return "leval";
    }

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public List<String> taskNames() {
        return Stream.of(LevalTask.values()).map(LevalTask::taskName).toList();
    }

    @Override
    public TaskScoring scoring(String task) {
        return task(task);
    }

    @Override
    public Task open(String task, SuiteSource source) throws IOException {
        return LevalFile.read(task(task), source);
    }

    private LevalTask task(String name) {
        return LevalTask.named(name).orElseThrow(() -> Refusal.unknown("tasks", name, taskNames()));
    }
}
