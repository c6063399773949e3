package resonance.evaluation.task.study;

import static resonance.evaluation.Encodings.encodings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.leval.LevalSuite;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.study.TaskAnswer.End;
import resonance.evaluation.task.study.TaskAnswer.Written;
import resonance.evaluation.task.study.TaskPlan.PlannedTask;
import resonance.study.StudyRecords;

/** Made-up answers to L-Eval, the same at every call. */
public final class ExampleTasks {
    private ExampleTasks() {}

    /** Three encodings at two lengths, the first questions of three tasks. */
    public static TaskPlan plan() {
        return new TaskPlan(
                new MeasuredModel("little-prose-3M", "5be1".repeat(16), 512),
                "leval",
                PromptStyle.PLAIN,
                encodings("none", "yarn", "resonance-yarn"),
                List.of(512, 1024),
                List.of(
                        new PlannedTask("coursera", 8, 172, 32),
                        new PlannedTask("toefl", 6, 269, 32),
                        new PlannedTask("sfiction", 4, 64, 32)));
    }

    /** The results after so many answers, in the order of the plan. */
    public static TaskResults of(TaskPlan plan, int answers) {
        List<TaskAnswer> finished = plan.cells().subList(0, answers).stream()
                .map(key -> answer(plan, key))
                .toList();
        return new TaskResults(records(plan, finished), new LevalSuite());
    }

    /** The results of those answers alone that are of these. */
    public static TaskResults finished(Predicate<TaskKey> kept) {
        List<TaskAnswer> finished = plan().cells().stream()
                .filter(kept)
                .map(key -> answer(plan(), key))
                .toList();
        return new TaskResults(records(plan(), finished), new LevalSuite());
    }

    public static TaskResults finished() {
        return of(plan(), plan().cells().size());
    }

    static StudyRecords<TaskPlan, TaskAnswer> records(TaskPlan plan, List<TaskAnswer> answers) {
        return ExampleComparison.records(plan, Map.of("suite", "leval"), answers);
    }

    /** The later the encoding and the shorter the text, the more right answers. */
    private static TaskAnswer answer(TaskPlan plan, TaskKey key) {
        int place = plan.encodings().indexOf(key.encoding());
        double chance = (0.25 + 0.25 * place) * 512 / key.length() + 0.1;
        boolean right = new SplittableRandom((key.task() + key.question()).hashCode()).nextDouble() < chance;
        List<Written> written = new ArrayList<>();
        if (key.task().equals("sfiction")) {
            written.add(written(right ? " True" : " Perhaps", key.length(), 2.5 - chance));
            written.add(written(" False", 12, 1.25));
        } else {
            written.add(written(right ? "AB." : "C.", key.length(), 2.5 - chance));
        }
        TaskReference reference = TaskReference.of(
                switch (key.task()) {
                    case "coursera" -> "AB";
                    case "toefl" -> "A";
                    default -> "True [fact: False]";
                });
        return new TaskAnswer(
                key.encoding(), key.length(), key.task(), key.question(), plan.style(), reference, written, 0.5);
    }

    private static Written written(String answer, int promptTokens, double loss) {
        return new Written(promptTokens, promptTokens, answer, 3, End.END_OF_SEQUENCE, loss, 2);
    }
}
