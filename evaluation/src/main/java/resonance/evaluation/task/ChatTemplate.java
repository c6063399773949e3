package resonance.evaluation.task;

/** Writes the turns of a chat as a model was trained to read them. */
@FunctionalInterface
public interface ChatTemplate {
    /**
     * A chat up to where the model's answer begins, without a beginning-of-sequence token.
     *
     * @param system what the model is told before the chat; empty for the template's own, or none
     * @param user the user's turn
     */
    String apply(String system, String user);
}
