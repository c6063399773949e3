package resonance.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;
import java.util.function.Function;

/**
 * What a running job may ask for and has to tell.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
public interface JobContext<K, R> {
    /** Whether the run was asked to stop. */
    boolean stopRequested();

    /** Where the state of a cell that is not finished may be kept; the job takes it away once all its cells are kept. */
    Path checkpoint(PlannedCell<?> cell);

    /**
     * Something to tell people, such as that the work continues after a step.
     *
     * @param alsoOnTerminal false for what a terminal's line of progress shows anyway
     */
    void note(String text, boolean alsoOnTerminal);

    /** Work of some kind is done, in the time since the last was told. */
    void did(int pace, double amount, String status);

    /** Work of some kind that was planned need not be done, or was done in a time that says nothing about the rest. */
    void skip(int pace, double amount, String status);

    /** The status is to be shown now, since nothing will be told for a while. */
    void showNow(String status);

    /** Amount of work of some kind that is done in a second, lately; empty if it is not known yet. */
    OptionalDouble speed(int pace);

    /** Keeps a finished cell. */
    void finished(PlannedCell<K> cell, R result) throws IOException;

    /**
     * Does work that tells its own progress as a fraction from 0 to 1.
     *
     * @throws Job.JobStopped as soon as the run is asked to stop
     */
    default <T> T pass(int pace, double amount, Function<DoubleConsumer, T> work) {
        double[] told = {0};
        DoubleConsumer listener = fraction -> {
            if (stopRequested()) {
                throw new Job.JobStopped();
            }
            double more = fraction > told[0] ? Math.min(1, fraction) - told[0] : 0; // also of no number
            told[0] += more;
            did(pace, more * amount, "");
        };
        skip(pace, 0, "");
        listener.accept(0);
        T result = work.apply(listener);
        listener.accept(1);
        return result;
    }
}
