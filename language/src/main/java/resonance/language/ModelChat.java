package resonance.language;

import java.util.Optional;
import resonance.evaluation.task.ChatTemplate;
import resonance.evaluation.task.PromptStyle;
import resonance.model.ChatFormat;
import resonance.model.Model;
import resonance.rope.Refusal;

/** How a model is asked: as a chat if it was taught to chat, else by a text to be continued. */
public final class ModelChat {
    private ModelChat() {}

    /** The style that suits a model: {@link PromptStyle#CHAT} if it comes with a chat template, else {@link PromptStyle#PLAIN}. */
    public static PromptStyle usualStyle(LanguageModel model) {
        return model.model().chatTemplate().isPresent() ? PromptStyle.CHAT : PromptStyle.PLAIN;
    }

    /**
     * What writes a model's chats.
     *
     * @throws Refusal of {@code prompt} if the style is {@link PromptStyle#CHAT} and the model has no template, or none that is known
     */
    static ChatTemplate template(Model model, PromptStyle style) {
        Optional<String> template = model.chatTemplate();
        if (style != PromptStyle.CHAT) {
            return (system, user) -> system + user; // never asked: no prompt of these styles is a chat
        }
        if (template.isEmpty()) {
            throw Refusal.of("prompt", "must be plain for " + model.name() + ", which has no chat template", "was chat")
                    .cure("leave it out");
        }
        return ChatFormat.of(template.get())
                .<ChatTemplate>map(format -> format::apply)
                .orElseThrow(() -> Refusal.of(
                                "prompt",
                                "must be plain, llama2 or vicuna for " + model.name()
                                        + ", whose chat template is of none of " + ChatFormat.families(),
                                "was chat")
                        .cure("name one of them"));
    }
}
