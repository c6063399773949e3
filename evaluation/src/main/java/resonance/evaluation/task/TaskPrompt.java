package resonance.evaluation.task;

/**
 * What a model is asked to continue.
 *
 * @param chat whether system and user are turns of a chat, or one text
 * @param system what a chat begins with; empty in a text
 * @param user the user's turn, or the text
 * @param answerStart words that the answer begins with, which the model is not to write: they follow the chat template's last
 *     words, or the text
 * @param target what a right answer continues all that with, for the loss of its tokens; empty where none is measured
 */
public record TaskPrompt(boolean chat, String system, String user, String answerStart, String target) {

    /** A text to be continued. */
    public static TaskPrompt ofText(String text, String target) {
        return new TaskPrompt(false, "", text, "", target);
    }

    /** A chat to be answered, from {@code answerStart} on. */
    public static TaskPrompt ofChat(String system, String user, String answerStart, String target) {
        return new TaskPrompt(true, system, user, answerStart, target);
    }

    /** The whole prompt, without a beginning-of-sequence token. */
    public String text(ChatTemplate template) {
        return (chat ? template.apply(system, user) : system + user) + answerStart;
    }
}
