package resonance.study;

import java.io.IOException;
import java.util.List;

/**
 * One piece of a study's work, which finishes one cell or several together.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
public interface Job<K, R> {
    /** What people are shown of it. */
    default String name() {
        return cells().get(0).key().toString();
    }

    /** The cells that it finishes, at least one. */
    List<PlannedCell<K>> cells();

    /** Announces all of its work, before the first job of the run begins. */
    void plan(Workload workload);

    /**
     * Does the work, tells of it, and hands over each finished cell.
     *
     * @throws JobStopped if the run was asked to stop; what is to be gone on with was kept before
     */
    void run(JobContext<K, R> context) throws IOException;

    /** Takes what a job will do. */
    interface Workload {
        /**
         * Adds work.
         *
         * @param pace kind of work that runs at a speed of its own, such as a length; a kind that has not run yet is taken to
         *     be as fast as the nearest lower one that has
         * @param amount how much, in a unit that makes kinds comparable. Trainings, readings and questions count multiplications
         *     with weights, so that a study's time can be told from another's with a decoder of about the same size; the answer
         *     to a question counts as long as it may be
         */
        void add(int pace, double amount);
    }

    /** Ends a job because its run was asked to stop. */
    final class JobStopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public JobStopped() {
            super("stopped on request", null, false, false);
        }
    }
}
