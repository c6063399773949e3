package resonance.language;

import java.util.List;
import java.util.OptionalDouble;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingSettings;

/**
 * What to measure of a model's passkey retrieval.
 *
 * @param lengths tokens of a prompt, BOS included; at least one
 * @param depths places of the key in the text, at least 1
 * @param trials keys for each length and depth, at least 1
 * @param encodings of {@link RopeEncodings#forModels}, at least one, none twice
 * @param factor of the scalings that have one, at least 1; empty means as much as the longest length asks for
 *     ({@link PlacementChoice#factorFor})
 * @param placement where scalings go in a model that comes with one of its own
 * @param rope what the scalings read besides the factor
 * @param seed of the keys
 */
public record PasskeySettings(
        List<Integer> lengths,
        int depths,
        int trials,
        List<EncodingName> encodings,
        OptionalDouble factor,
        PlacementChoice placement,
        ScalingSettings rope,
        long seed) {
    private static final int MOST_PROMPTS = 1_000_000;

    public PasskeySettings {
        lengths = MeasuredEncodings.lengths(lengths);
        encodings = MeasuredEncodings.encodings(encodings);
        if (depths < 1) {
            throw Refusal.was("depths", "must be at least 1", depths);
        }
        if (trials < 1) {
            throw Refusal.was("trials", "must be at least 1", trials);
        }
        double prompts = (double) depths * trials * lengths.size();
        if (prompts > MOST_PROMPTS) {
            throw Refusal.of(
                            depths > trials ? "depths" : "trials",
                            "must make at most " + MOST_PROMPTS + " prompts of all lengths, {depths} and {trials}",
                            "made " + PlainNumber.text(prompts))
                    .cure("ask for fewer");
        }
    }
}
