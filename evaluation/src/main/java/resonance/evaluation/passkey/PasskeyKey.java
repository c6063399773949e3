package resonance.evaluation.passkey;

/**
 * The coordinates of one trial.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length tokens the prompt may have
 * @param depth where the key stands, 0 to 1
 * @param trial which of several at this place, from 0
 */
public record PasskeyKey(String encoding, int length, double depth, int trial) {

    @Override
    public String toString() {
        return encoding + " / length " + length + " / depth " + depth + " / trial " + trial;
    }
}
