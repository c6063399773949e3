package resonance.posgen;

/** A task whose tokens that count were there before: the answer is looked up and copied. */
public sealed interface RecallTask extends BenchmarkTask permits AssociativeRecall, FlipFlop {

    /**
     * Where the answer stands: the last token before a position that is the same as the one that counts there because the task
     * says so.
     *
     * @param tokens memory that may hold many sequences
     * @param start index of the sequence's first token
     * @param position of a token that {@linkplain #scores counts}
     * @return a position, from 0, before it
     */
    int answerOf(int[] tokens, int start, int position);

    /** What guessing among all possible answers gives, 0 to 1. */
    double chance();
}
