package resonance.evaluation.extension;

import resonance.rope.EncodingName;
import resonance.rope.PlainNumber;

/**
 * The coordinates of one measurement.
 *
 * @param encoding of the candidate
 * @param factor of the candidate
 * @param measure what of it
 */
public record ExtensionKey(EncodingName encoding, double factor, Measure measure) {

    @Override
    public String toString() {
        return encoding + " / factor " + PlainNumber.text(factor) + " / " + measure;
    }
}
