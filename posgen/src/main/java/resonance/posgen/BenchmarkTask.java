package resonance.posgen;

import java.util.Map;

/**
 * A task of the benchmark with its settings: what its sequences are made of, and which of their tokens count.
 *
 * <p>A token counts where those before it determine it. A model is trained on the loss of these tokens and scored by them; all
 * others are random, and no model can do better on them than guess.
 */
public sealed interface BenchmarkTask permits PosgenSpec, RecallTask {

    /** The name used on the command line, in files and in reports. */
    String commandName();

    /** How many different tokens there are: they are 0 ... vocabulary-1. */
    int vocabulary();

    /** The first position, from 0, at which a token can count. */
    int firstScored();

    /**
     * Whether the token at a position counts. It depends on the tokens before it only.
     *
     * @param tokens memory that may hold many sequences
     * @param start index of the sequence's first token
     * @param position from 0, counted from the start of the sequence
     */
    boolean scores(int[] tokens, int start, int position);

    /** Its settings by name, a number or text each, in the order to show them. */
    Map<String, Object> settings();

    /**
     * Refuses what no experiment can be drawn with.
     *
     * @param rows of all splits together
     * @param trainLength L in tokens
     * @param testLength L' in tokens, at least L
     * @throws IllegalArgumentException if there are not as many different sequences, or a length does not fit the task
     */
    void requireDrawable(long rows, int trainLength, int testLength);

    /**
     * Draws sequences, determined by the arguments alone on every machine and JVM.
     *
     * @param rows most sequences that are drawn
     * @param trainLength L in tokens
     * @param seed any number
     */
    SequenceSource source(long rows, int trainLength, long seed);
}
