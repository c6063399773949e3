package resonance.evaluation.longbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.TaskSuite;
import resonance.rope.Refusal;

/**
 * LongBench, version 2: 503 questions with four choices each, from {@code data.json}. Its tasks are the three lengths that its
 * questions are sorted by, up to 32,000 words, up to 128,000, and above.
 *
 * <p>Bai et al., "LongBench v2: Towards Deeper Understanding and Reasoning on Realistic Long-context Multitasks", 2024,
 * arXiv:2412.15204; asked without reasoning first ({@code prompts/0shot.txt}), greedily where theirs samples at temperature 0.1.
 */
public final class LongBench2Suite implements TaskSuite {
    private static final List<String> LENGTHS = List.of("short", "medium", "long");

    @Override
    public String name() {
        return "longbench-v2";
    }

    @Override
    public String label() {
        return "LongBench v2";
    }

    @Override
    public List<String> taskNames() {
        return LENGTHS;
    }

    @Override
    public TaskScoring scoring(String task) {
        known(task);
        return new MultipleChoice();
    }

    @Override
    public Task open(String task, SuiteSource source) throws IOException {
        known(task);
        Path folder = source.folder(label());
        return LongBench2File.read(task, folder.resolve("data.json"));
    }

    private static void known(String task) {
        if (!LENGTHS.contains(task)) {
            throw Refusal.unknown("tasks", task, LENGTHS);
        }
    }
}
