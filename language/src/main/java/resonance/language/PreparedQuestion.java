package resonance.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import resonance.evaluation.task.ChatTemplate;
import resonance.evaluation.task.TaskPrompt;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;
import resonance.model.Tokenizer;

/**
 * A question in tokens, to be put to a model under any encoding.
 *
 * @param prompts what the model is asked, each by itself
 * @param reference what the answers are held against
 * @param stops texts that end an answer
 */
record PreparedQuestion(List<Prompt> prompts, TaskReference reference, List<String> stops) {
    /**
     * A prompt in tokens.
     *
     * @param tokens as the model begins to read it
     * @param withTarget the same continued with a right answer; as long as {@code tokens} if the suite names none
     * @param shared how many of the first tokens are those of the questions beside it too, and are to be read once
     */
    @SuppressWarnings("ArrayRecordComponent") // vectors that are handed on, never compared
    record Prompt(int[] tokens, int[] withTarget, int shared) {
        private static Prompt of(TaskPrompt prompt, ChatTemplate template, Tokenizer tokenizer) {
            String text = prompt.text(template);
            int[] tokens = PromptTokens.of(tokenizer, text);
            return new Prompt(
                    tokens, prompt.target().isEmpty() ? tokens : PromptTokens.of(tokenizer, text + prompt.target()), 0);
        }

        /** Tokens that prompt and answer take at most. */
        int room(int newTokens) {
            return Math.max(Math.addExact(tokens.length, newTokens), withTarget.length);
        }
    }

    /**
     * Questions in tokens. Neighbours that begin alike share that: a document is read once for its questions. What is shared
     * depends on the questions alone and not on which of them are asked in one run, so a run that was stopped and goes on
     * computes the same.
     */
    static List<PreparedQuestion> of(List<TaskQuestion> questions, ChatTemplate template, Tokenizer tokenizer) {
        List<List<Prompt>> prompts = new ArrayList<>();
        for (TaskQuestion question : questions) {
            prompts.add(new ArrayList<>(question.prompts().stream()
                    .map(prompt -> Prompt.of(prompt, template, tokenizer))
                    .toList()));
        }
        for (int place = 0; place < prompts.get(0).size(); place++) {
            share(prompts, place);
        }
        List<PreparedQuestion> prepared = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            TaskQuestion question = questions.get(i);
            prepared.add(new PreparedQuestion(List.copyOf(prompts.get(i)), question.reference(), question.stops()));
        }
        return List.copyOf(prepared);
    }

    /** Finds runs of neighbours that have at least half of each prompt in common. */
    private static void share(List<List<Prompt>> prompts, int place) {
        int from = 0;
        while (from < prompts.size()) {
            int[] first = prompts.get(from).get(place).tokens;
            int shared = first.length - 1;
            int to = from + 1;
            for (; to < prompts.size(); to++) {
                int[] next = prompts.get(to).get(place).tokens;
                int common = common(first, next, Math.min(shared, next.length - 1));
                if (2 * common < Math.max(first.length, next.length)) {
                    break;
                }
                shared = common;
            }
            for (int i = from; to - from > 1 && i < to; i++) {
                Prompt prompt = prompts.get(i).get(place);
                prompts.get(i).set(place, new Prompt(prompt.tokens, prompt.withTarget, shared));
            }
            from = to;
        }
    }

    private static int common(int[] a, int[] b, int most) {
        int mismatch = Arrays.mismatch(a, 0, most, b, 0, most);
        return mismatch < 0 ? most : mismatch;
    }
}
