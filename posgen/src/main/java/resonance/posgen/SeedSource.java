package resonance.posgen;

/** Gives the j + k seed tokens of one sequence after another. */
interface SeedSource {

    /** Writes the seeds of the next sequence to {@code tokens}, from {@code start} on. */
    void next(int[] tokens, int start);
}
