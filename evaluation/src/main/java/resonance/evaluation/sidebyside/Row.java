package resonance.evaluation.sidebyside;

import resonance.rope.EncodingName;
import resonance.rope.RopeEncodings;

/**
 * A row of the tables: a model, or what was done to it, under an encoding.
 *
 * @param name of the model or treatment
 * @param encoding it was measured with
 */
public record Row(String name, EncodingName encoding) {
    private boolean own() {
        return encoding.method().equals(RopeEncodings.MODEL)
                && encoding.rounding().isNone();
    }

    /** What the command line and JSON call it: {@code tuned/yarn}, or the name alone where the encoding is the model's own. */
    public String id() {
        return own() ? name : name + "/" + encoding;
    }

    /** "tuned · YaRN", or the name alone. */
    public String label() {
        return own() ? name : name + " · " + encoding.label();
    }
}
