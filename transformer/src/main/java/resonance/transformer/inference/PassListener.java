package resonance.transformer.inference;

/** Hears how far a long pass has come. */
@FunctionalInterface
public interface PassListener {
    /** Does nothing. */
    PassListener SILENT = fraction -> {};

    /**
     * Called on the calling thread from time to time; an exception thrown here ends the pass, which frees what it holds.
     *
     * @param fraction done so far, 0 to 1, of this call's work
     */
    void advanced(double fraction);
}
