package resonance.language;

import resonance.evaluation.task.ChatTemplate;
import resonance.evaluation.task.PromptStyle;
import resonance.rope.Refusal;

/** The chat template of a model. */
final class ModelChat {
    private ModelChat() {}

    /** @throws Refusal if the style is {@link PromptStyle#CHAT} and the model's template is none that is known */
    static ChatTemplate template(LanguageModel model, PromptStyle style) {
        if (style == PromptStyle.CHAT) {
            throw Refusal.of(
                    "prompt", "must be plain for " + model.description().name(), "was chat");
        }
        return (system, user) -> system + user;
    }
}
