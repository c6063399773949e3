package resonance.language;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import resonance.evaluation.perplexity.PerplexityProtocol;
import resonance.model.PlacementChoice;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingSettings;

/**
 * What to measure of a model's perplexity.
 *
 * @param texts UTF-8 text files, at least one; measured as they are, whatever their ending
 * @param lengths tokens of a window, BOS included; at least one
 * @param encodings of {@link RopeEncodings#forModels}, at least one, none twice
 * @param protocol how documents are cut and losses averaged
 * @param factor of the scalings that have one, at least 1; empty means as much as the longest length asks for
 *     ({@link PlacementChoice#factorFor})
 * @param placement where scalings go in a model that comes with one of its own
 * @param rope what the scalings read besides the factor
 * @param maximumTokens tokens of a document that are used, from its beginning; 0 for all
 */
public record PerplexitySettings(
        List<Path> texts,
        List<Integer> lengths,
        List<EncodingName> encodings,
        PerplexityProtocol protocol,
        OptionalDouble factor,
        PlacementChoice placement,
        ScalingSettings rope,
        int maximumTokens) {
    public PerplexitySettings {
        texts = DistinctList.of("texts", texts);
        lengths = MeasuredEncodings.lengths(lengths);
        encodings = MeasuredEncodings.encodings(encodings);
        if (maximumTokens < 0) {
            throw Refusal.was("maximumTokens", "must be at least 0", maximumTokens)
                    .cure("0 uses all tokens");
        }
    }
}
