package resonance.evaluation.ruler;

import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.TaskPrompt;

/**
 * A sample as it is put to a model: the template goes around the input, the answer prefix behind it.
 *
 * <p>{@code base}, {@code meta-chat} and {@code vicuna-chat} of {@code scripts/data/template.py} of NVIDIA/RULER (commit
 * c3f5e3b), or the model's own.
 *
 * @param chat whether it is the model's own
 * @param before the template before the input; empty for the model's own
 * @param behind the template behind it
 */
record RulerPrompts(boolean chat, String before, String behind) {

    static RulerPrompts of(PromptStyle style) {
        return switch (style) {
            case PLAIN -> new RulerPrompts(false, "", "");
            case CHAT -> new RulerPrompts(true, "", "");
            case LLAMA2 -> new RulerPrompts(false, "[INST] ", " [/INST]");
            case VICUNA ->
                new RulerPrompts(
                        false,
                        "A chat between a curious user and an artificial intelligence assistant. The assistant gives"
                                + " helpful, detailed, and polite answers to the user's questions. USER: ",
                        " ASSISTANT:");
        };
    }

    /** Tokens of the template by itself. */
    int templateTokens(QuestionSettings settings) {
        String template = chat ? settings.template().apply("", "") : before + behind;
        return template.isEmpty() ? 0 : settings.tokens().count(template);
    }

    TaskPrompt of(RulerSample sample) {
        return chat
                ? TaskPrompt.ofChat("", sample.input(), sample.answerPrefix(), sample.target())
                : TaskPrompt.ofText(before + sample.input() + behind + sample.answerPrefix(), sample.target());
    }
}
