package resonance.language.tracking;

/**
 * Takes the numbers of a training as they come. Whatever happens to them, the training goes on: an implementation keeps its
 * failures to itself, but for one line to whoever made it.
 */
public interface RunTracker extends AutoCloseable {
    /** A number after so many steps. */
    void scalar(long step, String tag, double value);

    /** The training has done its last step. */
    void finished();

    /** Lets go of what it holds; a training that is not finished may go on later. */
    @Override
    void close();
}
