package resonance.posgen;

/** Gives one sequence of an experiment after another. */
@FunctionalInterface
public interface SequenceSource {

    /**
     * Writes the next sequence.
     *
     * @param tokens memory that may hold many
     * @param start index of the sequence's first token
     * @param end index after its last
     */
    void next(int[] tokens, int start, int end);

    /** What goes on where this source is and gives validation and test sequences; this source itself where they are drawn alike. */
    default SequenceSource ofTests() {
        return this;
    }
}
