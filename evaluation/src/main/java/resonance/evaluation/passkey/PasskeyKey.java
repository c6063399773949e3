package resonance.evaluation.passkey;

import resonance.rope.EncodingName;

/**
 * The coordinates of one trial.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length tokens the prompt may have
 * @param depth where the key stands, 0 to 1
 * @param trial which of several at this place, from 0
 */
public record PasskeyKey(EncodingName encoding, int length, double depth, int trial) {

    /** The coordinates for a reader, the depth to two places. */
    @Override
    public String toString() {
        return encoding + " / length " + length + " / depth " + Math.round(100 * depth) / 100.0 + " / trial " + trial;
    }
}
