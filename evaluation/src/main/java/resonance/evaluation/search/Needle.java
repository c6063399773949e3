package resonance.evaluation.search;

/**
 * A number hidden in a prompt of the target length, to be found.
 *
 * @param task {@link #PASSKEY}, or the name of one of RULER's tasks
 * @param number which of its task and depth, from 0
 * @param depth where the number stands, from 0 (start of the prompt) to 1 (end); NaN for RULER, which draws the place itself
 * @param seed of the task
 */
public record Needle(String task, int number, double depth, long seed) {
    /** A number in filler text, asked for at the end. */
    public static final String PASSKEY = "passkey";

    /** Whether its depth is chosen. */
    public boolean hasDepth() {
        return !Double.isNaN(depth);
    }
}
