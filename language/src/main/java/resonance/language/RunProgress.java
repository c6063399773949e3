package resonance.language;

import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import resonance.transformer.PassListener;

/** How far a run has come, in estimated work; and the place where it notices that it was asked to stop. */
final class RunProgress {
    private final double total;
    private final DoubleConsumer advanced;
    private final BooleanSupplier stop;
    private double done;

    /** Ends a pass through the decoder because the run was asked to stop. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped on request", null, false, false);
        }
    }

    /** Work of one pass. */
    interface Pass<T> {
        T run(PassListener listener);
    }

    /**
     * @param total work of the whole run, above 0
     * @param advanced told the share that is done
     * @param stop true once the run is to stop
     */
    RunProgress(double total, DoubleConsumer advanced, BooleanSupplier stop) {
        this.total = total;
        this.advanced = advanced;
        this.stop = stop;
    }

    /**
     * Runs a pass that does so much of the work.
     *
     * @throws Stopped as soon as the run is asked to stop
     */
    <T> T pass(double work, Pass<T> pass) {
        report(0);
        T result = pass.run(fraction -> report(fraction * work));
        done += work;
        report(0);
        return result;
    }

    private void report(double workOfThisPass) {
        if (stop.getAsBoolean()) {
            throw new Stopped();
        }
        advanced.accept(Math.min(1, (done + workOfThisPass) / total));
    }
}
