package resonance.serving.export;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import resonance.model.EncodingChoice;
import resonance.model.OwnEncoding;
import resonance.model.PositionSettings;
import resonance.rope.LayerFrequencies;
import resonance.rope.Refusal;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;

/**
 * An encoding as engines can be told it: one frequency per pair, one factor on cosine and sine, one context length.
 *
 * <p>No file tells an engine to recompute frequencies as a text grows, but for a few named methods that engines compute
 * differently. So an encoding that depends on the length is fixed at the context length.
 *
 * @param encoding which it is
 * @param own base, rotary size and trained length of the model's full layers
 * @param frequencies of every layer
 * @param contextLength tokens the model shall read, at least 1
 * @param fixed whether the encoding depends on the length of the text and was computed for {@code contextLength}
 */
public record ServedEncoding(
        EncodingChoice encoding, RopeShape own, LayerFrequencies frequencies, int contextLength, boolean fixed) {
    public ServedEncoding {
        requireNonNull(encoding, "encoding must not be null");
        requireNonNull(own, "own must not be null");
        requireNonNull(frequencies, "frequencies must not be null");
        if (contextLength < 1) {
            throw Refusal.of("contextLength", "must be at least 1", "was " + contextLength);
        }
    }

    /**
     * An encoding in the place of a model's own.
     *
     * @param contextLength tokens the model shall read
     * @throws IllegalArgumentException if the scaling refuses its settings or the model's shape
     */
    public static ServedEncoding of(PositionSettings model, EncodingChoice encoding, int contextLength) {
        return new ServedEncoding(
                encoding,
                encoding.shape(model),
                encoding.frequencies(model, contextLength),
                contextLength,
                encoding.dependsOnSequenceLength(model));
    }

    /**
     * An encoding that somebody asks for, with as much of factor and length as they say; the rest follows from the model. A
     * model's own settings reach as far as they say, plain RoPE as far as the training did, and another scaling its factor
     * times the length that it {@linkplain EncodingChoice#trainedLength stretches}.
     *
     * <p>Parameters in refusals, besides those of the scaling and of {@link EncodingChoice#requirePlaced}: {@code encoding},
     * {@code factor}, {@code contextLength}.
     *
     * @param asked its factor counts only if {@code factor} is given
     * @param factor as asked for; empty for what the length needs
     * @param contextLength tokens that the model shall read; empty for what encoding and factor reach
     * @throws Refusal if factor and length do not fit the encoding or are both missing, or nobody said where the encoding goes
     */
    public static ServedEncoding of(
            PositionSettings model, EncodingChoice asked, OptionalDouble factor, OptionalInt contextLength) {
        asked.requirePlaced(model);
        if (asked.isPlain() && contextLength.isEmpty()) {
            asked.requireTrainedLength(model);
        }
        boolean models = EncodingChoice.isModels(asked.encoding());
        int trained = asked.trainedLength(model);
        String name = asked.encoding().method().name();
        if (models || asked.isPlain()) {
            if (factor.isPresent()) {
                throw Refusal.of(
                                "{encoding} " + name,
                                "must go without {factor}, which it does not read",
                                "was given with it")
                        .cure("leave it out");
            }
        } else if (factor.isEmpty() && contextLength.isEmpty()) {
            throw Refusal.of("{encoding} " + name, "must go with {factor} or {contextLength}", "was given without")
                    .cure("{factor} 4 stretches " + trained + " tokens to " + 4L * trained);
        }
        int length = contextLength.orElseGet(
                () -> models ? new OwnEncoding(model.rope()).reach() : stretched(trained, factor.orElse(1)));
        EncodingChoice choice = asked.withFactor(factor.orElseGet(() -> asked.factorFor(model, length)));
        return of(model, choice, length);
    }

    private static int stretched(int trainedLength, double factor) {
        double tokens = trainedLength * factor;
        if (tokens > Integer.MAX_VALUE) {
            throw Refusal.was("factor", "must keep the length below 2^31 tokens", factor);
        }
        return (int) tokens;
    }

    /** What whoever serves it should know, whatever the engine. */
    List<String> notes() {
        return fixed
                ? List.of(String.format(
                        Locale.ROOT,
                        "%s depends on the length of the text; its frequencies for %,d tokens are written and serve"
                                + " texts of every length.",
                        encoding,
                        contextLength))
                : List.of();
    }

    /** Frequencies of the layers that see the whole text. */
    RopeFrequencies full() {
        return frequencies.full();
    }
}
