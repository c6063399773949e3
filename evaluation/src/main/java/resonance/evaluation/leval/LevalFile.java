package resonance.evaluation.leval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resonance.evaluation.task.JsonLines;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskDataException;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;
import resonance.rope.Refusal;

/**
 * A task's file: a document a line ({@code input}), with its questions ({@code instructions}) and their right answers ({@code
 * outputs}). L-Eval passes over lines that are no JSON; here they are refused.
 *
 * @param task which
 * @param sha256 of the file
 * @param documents at least one
 */
record LevalFile(LevalTask task, String sha256, List<Document> documents) implements Task {
    /** L-Eval's, for all tasks. */
    static final int NEW_TOKENS = 512;

    /**
     * A document.
     *
     * @param text whole
     * @param questions as many as answers
     * @param answers right ones
     */
    record Document(String text, List<String> questions, List<String> answers) {}

    LevalFile {
        documents = List.copyOf(documents);
    }

    static LevalFile read(LevalTask task, SuiteSource source) throws IOException {
        JsonLines lines = JsonLines.read(source.folder(LevalSuite.LABEL).resolve(task.file()));
        List<Document> documents = new ArrayList<>();
        for (JsonLines.Row row : lines.rows()) {
            Document document = new Document(row.text("input"), row.texts("instructions"), row.texts("outputs"));
            if (document.questions.size() != document.answers.size()) {
                throw new TaskDataException(row.where() + ": instructions and outputs must be as many, were "
                        + document.questions.size() + " and " + document.answers.size() + "; get the file anew");
            }
            documents.add(document);
        }
        return new LevalFile(task, lines.sha256(), documents);
    }

    @Override
    public String name() {
        return task.taskName();
    }

    @Override
    public int count() {
        return documents.stream()
                .mapToInt(document -> document.questions.size())
                .sum();
    }

    @Override
    public int newTokens() {
        return NEW_TOKENS;
    }

    @Override
    public Map<String, String> identity() {
        return Map.of("data", sha256);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Only the document is measured: it may have {@code length − newTokens} tokens, and the rest of the prompt comes on top.
     */
    @Override
    public List<TaskQuestion> questions(int count, QuestionSettings settings) {
        int budget = settings.length() - settings.newTokens();
        if (budget < 1) {
            throw Refusal.of(
                            "lengths",
                            "must be above the " + settings.newTokens() + " tokens of an answer of L-Eval",
                            "found " + settings.length())
                    .cure("take longer ones, or fewer {newTokens}");
        }
        List<TaskQuestion> questions = new ArrayList<>();
        String whole = "";
        String shortened = "";
        for (Document document : documents) {
            if (questions.size() == count) {
                break;
            }
            if (!document.text.equals(whole)) { // all of GSM's are the same
                whole = document.text;
                shortened = LevalTruncation.shortened(whole, budget, task == LevalTask.CODEU, settings.tokens());
            }
            for (int i = 0; i < document.questions.size() && questions.size() < count; i++) {
                String gold = document.answers.get(i);
                questions.add(new TaskQuestion(
                        questions.size(),
                        LevalPrompts.of(task, shortened, document.questions.get(i), gold, settings.style()),
                        TaskReference.of(gold),
                        List.of()));
            }
        }
        return List.copyOf(questions);
    }
}
