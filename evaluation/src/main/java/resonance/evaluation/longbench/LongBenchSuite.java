package resonance.evaluation.longbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.TaskSuite;
import resonance.rope.Refusal;

/** The tasks of LongBench, version 1, that {@link LongBenchTask} has, from the folder with their files. */
public final class LongBenchSuite implements TaskSuite {
    @Override
    public String name() {
        return "longbench";
    }

    @Override
    public String label() {
        return "LongBench";
    }

    @Override
    public List<String> taskNames() {
        return Stream.of(LongBenchTask.values()).map(LongBenchTask::taskName).toList();
    }

    @Override
    public TaskScoring scoring(String task) {
        return task(task);
    }

    @Override
    public Task open(String name, SuiteSource source) throws IOException {
        LongBenchTask task = task(name);
        Path folder = source.folder(label());
        return LongBenchFile.read(task, folder);
    }

    private LongBenchTask task(String name) {
        return LongBenchTask.named(name).orElseThrow(() -> Refusal.unknown("tasks", name, taskNames()));
    }
}
