package resonance.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.evaluation.extension.Candidate;
import resonance.model.EncodingChoice;
import resonance.model.OwnEncoding;
import resonance.model.PlacementChoice;
import resonance.model.PositionSettings;
import resonance.rope.CriticalNtkScaling;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.EncodingName;
import resonance.rope.MixedRadixScaling;
import resonance.rope.NoScaling;
import resonance.rope.NtkAwareScaling;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.Rounding;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.serving.export.Export;
import resonance.serving.export.ServedEncoding;

/**
 * The encodings that may take a model to a length.
 *
 * <p>They are YaRN, mrRoPE, critical-base NTK, NTK-aware scaling and dynamic NTK, each with the smallest factor s that covers
 * the length and with 2s (LongRoPE2, arXiv:2502.20082, searches divisors from s to 2s), as they are and with whole wavelengths,
 * searched ones, and periods of at most the trained length; and the model as it is. Each is measured as an export would write
 * it. So dynamic NTK has at every length the frequencies of the target length; where these are another candidate's, which for a
 * model without a scaling of its own is NTK-aware scaling with factor s, there is one candidate, and a note says so.
 *
 * @param encodings each as an export writes it, in the order to measure them: the model as it is first, scalings before the same
 *     with rounding
 * @param notes what is no candidate, by name, and why
 */
record ExtensionCandidates(Map<Candidate, ServedEncoding> encodings, Map<String, String> notes) {
    /** In the order to measure them, where time may end. */
    private static final List<ScalingMethod> SCALINGS = List.of(
            YarnScaling.METHOD,
            MixedRadixScaling.METHOD,
            CriticalNtkScaling.METHOD,
            NtkAwareScaling.METHOD,
            DynamicNtkScaling.METHOD);

    /** Those of the class comment. */
    static ExtensionCandidates of(LanguageModel model, PlacementChoice placement, int length, String softwareVersion) {
        int trained = placement.trainedLength(model.description().positions());
        return of(
                model,
                placement,
                length,
                List.of(Rounding.NONE, Rounding.WHOLE, Rounding.SEARCHED, Rounding.tokens(trained)),
                softwareVersion);
    }

    /** The same with these roundings alone. */
    static ExtensionCandidates of(
            LanguageModel model,
            PlacementChoice placement,
            int length,
            List<Rounding> roundings,
            String softwareVersion) {
        PositionSettings positions = model.description().positions();
        boolean plain = new OwnEncoding(positions.rope()).isPlain();
        double factor = placement.factorFor(positions, length);
        List<EncodingChoice> choices = new ArrayList<>();
        choices.add(EncodingChoice.of(
                new EncodingName(plain ? NoScaling.METHOD : RopeEncodings.MODEL, false), ScalingSettings.DEFAULTS));
        for (Rounding rounding : roundings) {
            for (double s : List.of(factor, 2 * factor)) {
                for (ScalingMethod scaling : SCALINGS) {
                    choices.add(EncodingChoice.of(new EncodingName(scaling, rounding), ScalingSettings.ofFactor(s)));
                }
            }
        }
        Map<Candidate, ServedEncoding> candidates = new LinkedHashMap<>();
        Map<String, String> notes = new LinkedHashMap<>();
        Map<String, Candidate> byFrequencies = new LinkedHashMap<>();
        for (EncodingChoice choice : choices) {
            String name = choice.name() + " with factor "
                    + PlainNumber.text(choice.settings().factor());
            EncodingChoice placed = choice.placed(placement);
            placed.requirePlaced(positions);
            ServedEncoding served;
            try {
                served = ServedEncoding.of(positions, placed, length);
            } catch (Refusal unfit) {
                notes.put(name, "left out: " + unfit.getMessage());
                continue;
            }
            Candidate candidate = new Candidate(
                    choice.encoding(), choice.settings().factor(), obstacle(model, served, softwareVersion));
            Candidate same = byFrequencies.putIfAbsent(FrequencyHash.of(served.frequencies()), candidate);
            if (same == null) {
                candidates.put(candidate, served);
            } else {
                notes.put(name, "the same as " + same.label() + " at " + length + " tokens");
            }
        }
        return new ExtensionCandidates(candidates, notes);
    }

    /** Why it can't be written; empty if it can. */
    private static String obstacle(LanguageModel model, ServedEncoding served, String softwareVersion) {
        try {
            Export.of(model.model(), served, softwareVersion);
            return "";
        } catch (Refusal noEngine) {
            return String.valueOf(noEngine.cure("").getMessage());
        } catch (IllegalArgumentException noEngine) {
            return String.valueOf(noEngine.getMessage());
        }
    }
}
