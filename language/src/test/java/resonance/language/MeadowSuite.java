package resonance.language;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskPrompt;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.TaskSuite;
import resonance.rope.Refusal;

/**
 * A suite of our own with two tasks of six questions about a few documents.
 *
 * @param settledAfter characters after which an answer counts as settled
 * @param stops of every question
 * @param aDocument questions about each document
 */
record MeadowSuite(int settledAfter, List<String> stops, int aDocument) implements TaskSuite {
    /** Of two documents. */
    MeadowSuite(int settledAfter, List<String> stops) {
        this(settledAfter, stops, 3);
    }

    private static final String DOCUMENT = "The grass is green. The sky is blue. ";

    @Override
    public String name() {
        return "meadow";
    }

    @Override
    public String label() {
        return "Meadow";
    }

    @Override
    public List<String> taskNames() {
        return List.of("colours", "twice");
    }

    @Override
    public boolean needsData() {
        return false;
    }

    @Override
    public int usualQuestions() {
        return 4;
    }

    @Override
    public TaskScoring scoring(String task) {
        if (!taskNames().contains(task)) {
            throw Refusal.unknown("tasks", task, taskNames());
        }
        return new TaskScoring() {
            @Override
            public List<Double> parts(TaskReference reference, List<String> answers) {
                return answers.stream()
                        .map(answer -> answer.contains(reference.answers().get(0)) ? 1.0 : 0.0)
                        .toList();
            }

            @Override
            public int decimals() {
                return 2;
            }

            @Override
            public boolean isSettled(TaskReference reference, int prompt, String answerSoFar) {
                return answerSoFar.length() >= settledAfter;
            }
        };
    }

    @Override
    public Task open(String task, SuiteSource source) {
        scoring(task);
        return new Task() {
            @Override
            public String name() {
                return task;
            }

            @Override
            public int count() {
                return 6;
            }

            @Override
            public int newTokens() {
                return 5;
            }

            @Override
            public Map<String, String> identity() {
                return Map.of("seed", String.valueOf(source.seed()));
            }

            @Override
            public List<TaskQuestion> questions(int count, QuestionSettings settings) {
                int shortest = task.equals("twice") ? 50 : 40;
                if (settings.length() < shortest) {
                    throw Refusal.of(
                            "lengths", "must be at least " + shortest + " for " + task, "found " + settings.length());
                }
                return IntStream.range(0, count)
                        .mapToObj(i -> question(i, settings))
                        .toList();
            }

            private TaskQuestion question(int index, QuestionSettings settings) {
                String document = (index / aDocument + DOCUMENT.repeat(40)).substring(0, settings.length() - 20);
                TaskPrompt asked = TaskPrompt.ofText(document + "\nQuestion " + index + ":", " blue");
                TaskPrompt again = TaskPrompt.ofText("Again " + index, "");
                return new TaskQuestion(
                        index,
                        task.equals("twice") ? List.of(asked, again) : List.of(asked),
                        TaskReference.of("e"),
                        stops);
            }
        };
    }
}
