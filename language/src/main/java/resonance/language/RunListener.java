package resonance.language;

import java.util.OptionalDouble;

/**
 * Told of a measurement's progress, on the thread that runs it. Methods return quickly.
 *
 * @param <K> names one cell of the measurement
 * @param <C> a finished cell
 */
public interface RunListener<K, C> {
    /** A cell begins. */
    void cellStarted(K cell);

    /**
     * Work went on.
     *
     * @param fraction done, 0 to 1, of the estimated work of all cells that were missing when the run began
     * @param secondsLeft estimate of the time that the rest takes; empty at first
     */
    void advanced(double fraction, OptionalDouble secondsLeft);

    /** A cell is finished and kept. */
    void cellFinished(C cell);
}
