package resonance.evaluation.task.study;

import resonance.rope.EncodingName;

/**
 * The coordinates of one question asked.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length tokens that prompt and answer may have, as the suite measures them
 * @param task of the suite, for example {@code coursera}
 * @param question which of the task's, from 0
 */
public record TaskKey(EncodingName encoding, int length, String task, int question) {

    /** The coordinates for a reader. */
    @Override
    public String toString() {
        return task + " / length " + length + " / " + encoding + " / question " + question;
    }
}
