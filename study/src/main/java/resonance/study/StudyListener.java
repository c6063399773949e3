package resonance.study;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Told of a study's progress, on the thread that runs it. Methods return quickly.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
public interface StudyListener<K, R> {
    /**
     * Work on some cells begins.
     *
     * @param name what the job is called
     */
    void jobStarted(String name, List<K> cells);

    /**
     * Something to tell of the running job, such as that it continues after a step.
     *
     * @param alsoOnTerminal false for what a terminal's line of progress shows anyway
     */
    void noted(String text, boolean alsoOnTerminal);

    /**
     * Work went on.
     *
     * @param progress how far the run is
     */
    void advanced(Progress progress);

    /**
     * More is known of what the study consists of.
     *
     * @param cells all cells that are known, finished or not
     */
    default void planned(int cells) {}

    /** A cell is finished and kept. */
    void cellFinished(K cell, R result);

    /**
     * How far a run is.
     *
     * @param fraction done, 0 to 1, of the estimated work of all cells that were missing when the run began
     * @param secondsLeft estimate of the time that the rest takes; empty at first
     * @param status the running job's own words; empty if it has none
     * @param notable whether the status should be shown now, because nothing is told for a while
     */
    record Progress(double fraction, OptionalDouble secondsLeft, String status, boolean notable) {}
}
