package resonance.language;

import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import resonance.transformer.inference.PassListener;

/** How far a run has come, in estimated work; and the place where it notices that it was asked to stop. */
final class RunProgress {
    private final Heard heard;
    private final BooleanSupplier stop;
    private final LongSupplier clock;
    private final RemainingTime remaining = new RemainingTime();
    private double total;
    private double done;

    /** Ends a pass through the decoder because the run was asked to stop. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped on request", null, false, false);
        }
    }

    /** Is told how far the run is, as {@link RunListener#advanced}. */
    interface Heard {
        void advanced(double fraction, OptionalDouble secondsLeft);
    }

    /** Work of one pass. */
    interface Pass<T> {
        T run(PassListener listener);
    }

    /**
     * @param stop true once the run is to stop
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    RunProgress(Heard heard, BooleanSupplier stop, LongSupplier clock) {
        this.heard = heard;
        this.stop = stop;
        this.clock = clock;
    }

    /** Adds work on texts of a length that the run is to do; all of it is planned before the first pass. */
    void plan(int length, double work) {
        total += work;
        remaining.plan(length, work);
    }

    /**
     * Runs a pass that does so much of the work on texts of a length.
     *
     * @throws Stopped as soon as the run is asked to stop
     */
    <T> T pass(int length, double work, Pass<T> pass) {
        PassInProgress here = new PassInProgress(length, work);
        here.advanced(0);
        T result = pass.run(here);
        here.advanced(1);
        return result;
    }

    /** Adds what was done since it was last told. */
    private final class PassInProgress implements PassListener {
        private final int length;
        private final double work;
        private double told;
        private long toldAt = clock.getAsLong();

        PassInProgress(int length, double work) {
            this.length = length;
            this.work = work;
        }

        @Override
        public void advanced(double fraction) {
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
            long now = clock.getAsLong();
            double more = Math.max(0, fraction - told) * work;
            remaining.did(length, more, (now - toldAt) * 1e-9);
            done += more;
            told = Math.max(told, fraction);
            toldAt = now;
            heard.advanced(Math.min(1, done / total), remaining.seconds());
        }
    }
}
