package resonance.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import resonance.rope.EncodingName;
import resonance.rope.NoScaling;
import resonance.rope.RopeEncodings;
import resonance.rope.Rounding;
import resonance.rope.ScalingMethod;

/**
 * Two encodings of which one is measured against the other: what a report's differences are about.
 *
 * <p>An encoding has up to two baselines, where they are planned too:
 *
 * <pre>  encoding                             baseline              what the difference says
 *   resonance-yarn, resonance-x16-yarn   yarn                  what rounding changes
 *   resonance-x16-yarn                   resonance-yarn        what the bound on periods changes
 *   yarn, alibi                          rope, none or model   what the scaling, or another encoding, changes </pre>
 *
 * <p>The last baseline is the first of the three that is planned. So the lines grow with the encodings and not with their
 * square.
 *
 * @param encoding the treatment
 * @param baseline what it is measured against
 */
public record Contrast(EncodingName encoding, EncodingName baseline) {

    /** Encodings without a scaling, in the order in which they are taken as baseline of the scalings. */
    private static final List<ScalingMethod> PLAIN = List.of(NoScaling.ROPE, NoScaling.METHOD, RopeEncodings.MODEL);

    /** Every contrast among these encodings, in their order. */
    public static List<Contrast> among(List<EncodingName> encodings) {
        Optional<EncodingName> plain = PLAIN.stream()
                .map(method -> new EncodingName(method, false))
                .filter(encodings::contains)
                .findFirst();
        List<Contrast> contrasts = new ArrayList<>();
        for (EncodingName encoding : encodings) {
            for (EncodingName baseline : baselines(encoding, plain)) {
                if (!baseline.equals(encoding) && encodings.contains(baseline)) {
                    contrasts.add(new Contrast(encoding, baseline));
                }
            }
        }
        return List.copyOf(contrasts);
    }

    private static List<EncodingName> baselines(EncodingName encoding, Optional<EncodingName> plain) {
        if (!encoding.resonance()) {
            return plain.stream().toList();
        }
        return encoding.rounding().equals(Rounding.WHOLE)
                ? List.of(encoding.withoutResonance())
                : List.of(encoding.withoutResonance(), encoding.withResonance());
    }

    /** Whether the two differ by their rounding alone, and the baseline has none. */
    public boolean isRounding() {
        return baseline.equals(encoding.withoutResonance());
    }

    /** "Resonance YaRN − YaRN". */
    public String label() {
        return encoding.label() + " − " + baseline.label();
    }
}
