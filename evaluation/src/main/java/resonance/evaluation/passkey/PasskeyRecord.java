package resonance.evaluation.passkey;

import java.util.List;
import resonance.rope.EncodingName;

/**
 * The trials of one encoding at one length and depth, as far as they are finished.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length tokens a prompt may have
 * @param depth where the key stands, 0 to 1
 * @param accuracy fraction of correct answers, 0 to 1
 * @param keyLoss mean over the trials of {@link PasskeyTrial#keyLoss}; NaN if any was not measured
 * @param trials at least one, all of this place
 */
public record PasskeyRecord(
        EncodingName encoding, int length, double depth, double accuracy, double keyLoss, List<PasskeyTrial> trials) {

    public PasskeyRecord {
        trials = List.copyOf(trials);
        if (trials.isEmpty()) {
            throw new IllegalArgumentException("trials must be at least one, were none");
        }
        for (PasskeyTrial trial : trials) {
            if (!trial.encoding().equals(encoding) || trial.length() != length || trial.depth() != depth) {
                throw new IllegalArgumentException("trials must be of " + encoding + " / length " + length + " / depth "
                        + depth + ", found " + trial.place());
            }
        }
    }

    /** Merges the trials of one encoding, length and depth. */
    public static PasskeyRecord of(List<PasskeyTrial> trials) {
        if (trials.isEmpty()) {
            throw new IllegalArgumentException("trials must be at least one, were none");
        }
        PasskeyTrial first = trials.get(0);
        long correct = trials.stream().filter(PasskeyTrial::correct).count();
        double losses = 0;
        for (PasskeyTrial trial : trials) {
            losses += trial.keyLoss();
        }
        return new PasskeyRecord(
                first.encoding(),
                first.length(),
                first.depth(),
                correct / (double) trials.size(),
                losses / trials.size(),
                trials);
    }
}
