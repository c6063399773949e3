package resonance.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;
import resonance.model.ModelFormatException;

/** The part {@code post_processor} of a {@code tokenizer.json}: what it puts before a text. */
final class BeginningTemplate {
    private BeginningTemplate() {}

    /** The token that a template puts first; empty if there is none. */
    static OptionalInt first(JsonNode processor, TokenizerPlan plan) {
        if (processor.isNull() || processor.isMissingNode()) {
            return OptionalInt.empty();
        }
        String type = processor.path("type").asText();
        switch (type) {
            case "ByteLevel" -> {
                return OptionalInt.empty();
            }
            case "Sequence" -> {
                OptionalInt first = OptionalInt.empty();
                for (JsonNode inner : processor.path("processors")) {
                    OptionalInt found = first(inner, plan);
                    first = found.isPresent() ? found : first;
                }
                return first;
            }
            case "TemplateProcessing" -> {
                JsonNode token = processor.path("single").path(0).path("SpecialToken");
                return token.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(id(token, plan));
            }
            default ->
                throw new ModelFormatException(plan.where() + ": post_processor.type must be known, was "
                        + BytePairModel.shown(type) + "; known: ByteLevel, Sequence, TemplateProcessing");
        }
    }

    private static int id(JsonNode token, TokenizerPlan plan) {
        String name = token.path("id").asText("");
        return plan.id(name)
                .orElseThrow(() -> new ModelFormatException(
                        plan.where() + ": post_processor.single[0] must be a token, was " + BytePairModel.shown(name)));
    }
}
