package resonance.evaluation.task;

import java.util.List;
import java.util.Locale;
import resonance.rope.Refusal;

/** How a prompt is written. Every record says which it was. */
public enum PromptStyle {
    /** Text to be continued, for models that were not taught to chat. */
    PLAIN,
    /** A user's turn in the model's own chat template. */
    CHAT,
    /** As the suite's own scripts ask Llama-2-Chat. */
    LLAMA2,
    /** As the suite's own scripts ask Vicuna. */
    VICUNA;

    /** For options and JSON: {@code plain}, {@code chat}, {@code llama2}, {@code vicuna}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The style of this word.
     *
     * @throws Refusal if there is none
     */
    public static PromptStyle ofWord(String word) {
        List<PromptStyle> styles = List.of(values());
        return styles.stream()
                .filter(style -> style.word().equals(word))
                .findFirst()
                .orElseThrow(() -> Refusal.unknown(
                        "prompt", word, styles.stream().map(PromptStyle::word).toList()));
    }
}
