package resonance.serving.export;

/** Told how far the writing of an export is, on the thread that writes. */
@FunctionalInterface
public interface ExportProgress {
    /** So many bytes of weights are written of so many. */
    void written(long bytes, long total);
}
