package resonance.cli;

import java.util.Locale;
import resonance.language.Generation;
import resonance.language.LanguageModel;
import resonance.model.EncodingChoice;
import resonance.model.OwnEncoding;

/**
 * A generated text as {@code resonance generate --json} prints it; the components are the keys of its JSON document.
 *
 * @param model name of the model
 * @param encoding name of the encoding
 * @param factor s, as far as the encoding reads it
 * @param had the model's own scaling: {@code none}, {@code llama3 with factor 8}, ...
 * @param placement {@code on-top} of the model's own, or in its place: {@code replace}
 * @param precision format of the products with weights
 * @param precisionChoice why it is this one
 * @param prompt what the text continues
 * @param text the continuation
 * @param promptTokens tokens of the prompt, BOS included
 * @param tokens tokens of the continuation
 * @param end why it ended: end-of-sequence, maximum-tokens or stopped
 * @param promptTokensPerSecond speed of reading the prompt
 * @param tokensPerSecond speed of writing
 */
record GenerationDocument(
        String model,
        String encoding,
        double factor,
        String had,
        String placement,
        String precision,
        String precisionChoice,
        String prompt,
        String text,
        int promptTokens,
        int tokens,
        String end,
        double promptTokensPerSecond,
        double tokensPerSecond) {
    private static final double SHORTEST_SECONDS = 1e-9;

    static GenerationDocument of(LanguageModel model, EncodingChoice encoding, String prompt, Generation generation) {
        return new GenerationDocument(
                model.description().name(),
                encoding.name(),
                encoding.settings().factor(),
                new OwnEncoding(model.description().rope()).text(),
                encoding.placement(model.description().positions()).label(),
                model.precision().label(),
                model.precisionChoice().reason(),
                prompt,
                generation.text(),
                generation.promptTokens(),
                generation.tokens(),
                generation.end().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                generation.promptTokens() / Math.max(SHORTEST_SECONDS, generation.promptSeconds()),
                generation.tokens() / Math.max(SHORTEST_SECONDS, generation.seconds()));
    }

    /** Both speeds and the end, for people. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%d tokens read at %,.0f a second, %d written at %.1f a second; %s",
                promptTokens,
                promptTokensPerSecond,
                tokens,
                tokensPerSecond,
                end);
    }
}
