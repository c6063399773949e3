package resonance.evaluation.task;

import resonance.rope.Refusal;

/**
 * For what questions are made.
 *
 * @param length tokens that a prompt and its answer may have together; a suite says what it measures against it
 * @param newTokens most tokens of an answer, at least 1: {@link Task#newTokens} unless somebody wants fewer
 * @param style how prompts are written
 * @param tokens the tokenizer of the model that is asked
 * @param template the chat template of that model; read in {@link PromptStyle#CHAT} alone
 */
public record QuestionSettings(int length, int newTokens, PromptStyle style, TextTokens tokens, ChatTemplate template) {
    public QuestionSettings {
        if (newTokens < 1) {
            throw Refusal.was("newTokens", "must be at least 1", newTokens);
        }
    }

    /** Tokens that the model reads of a prompt, those before it included. */
    public int tokens(TaskPrompt prompt) {
        return tokens.beginning() + tokens.count(prompt.text(template));
    }
}
