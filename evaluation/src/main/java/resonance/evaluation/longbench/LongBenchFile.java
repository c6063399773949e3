package resonance.evaluation.longbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resonance.evaluation.task.JsonLines;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskDataException;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;

/**
 * A task's file, {@code <name>.jsonl}: a question a line with {@code context}, {@code input}, {@code answers} and, where answers
 * are classes, {@code all_classes}.
 *
 * @param task which
 * @param sha256 of the file
 * @param rows at least one
 */
record LongBenchFile(LongBenchTask task, String sha256, List<Item> rows) implements Task {

    /**
     * A question.
     *
     * @param context long text
     * @param input what is asked about it; may be empty
     * @param reference right answers and classes
     */
    record Item(String context, String input, TaskReference reference) {}

    LongBenchFile {
        rows = List.copyOf(rows);
    }

    static LongBenchFile read(LongBenchTask task, Path folder) throws IOException {
        JsonLines lines = JsonLines.read(folder.resolve(task.taskName() + ".jsonl"));
        List<Item> rows = new ArrayList<>();
        for (JsonLines.Row row : lines.rows()) {
            List<String> answers = row.texts("answers");
            List<String> classes = task.hasClasses() ? row.texts("all_classes") : List.of();
            String wrong = task.wrong(answers);
            if (!wrong.isEmpty()) {
                throw new TaskDataException(row.where() + ": answers " + wrong + "; get the file anew");
            }
            rows.add(new Item(row.text("context"), row.text("input"), new TaskReference(answers, classes)));
        }
        return new LongBenchFile(task, lines.sha256(), rows);
    }

    @Override
    public String name() {
        return task.taskName();
    }

    @Override
    public int count() {
        return rows.size();
    }

    @Override
    public int newTokens() {
        return task.newTokens();
    }

    @Override
    public Map<String, String> identity() {
        return Map.of("data", sha256);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The prompt without a chat template may have {@code length − 500} tokens, as LongBench has it for lengths of 4,000, 16,000
     * and 32,000; below 4,000 an eighth of the length is kept free, and always the tokens of the answer.
     */
    @Override
    public List<TaskQuestion> questions(int count, QuestionSettings settings) {
        int free = Math.max(settings.newTokens(), Math.min(500, settings.length() / 8));
        int budget = PromptBudget.of(settings.length(), free);
        List<TaskQuestion> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Item item = rows.get(i);
            String text = MiddleTruncation.ofVersion1(
                    LongBenchPrompts.text(task, item.context(), item.input()), budget, settings.tokens());
            String right = item.reference().answers().get(0);
            questions.add(new TaskQuestion(
                    i,
                    List.of(LongBenchPrompts.of(text, task.isContinued(), right, settings.style())),
                    item.reference(),
                    List.of()));
        }
        return List.copyOf(questions);
    }
}
