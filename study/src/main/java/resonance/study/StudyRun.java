package resonance.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import resonance.study.StudyListener.Progress;

/**
 * Does the work that is missing of a study, one job after the other in this process.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
public final class StudyRun<K, R> {
    private final Study<K, R> study;
    private final CellStore<R> store;
    private final Provenance maker;
    private final LongSupplier clock;

    /** @param maker with what, where and when cells are made that this run finishes */
    public StudyRun(Study<K, R> study, CellStore<R> store, Provenance maker) {
        this(study, store, maker, System::nanoTime);
    }

    StudyRun(Study<K, R> study, CellStore<R> store, Provenance maker, LongSupplier clock) {
        this.study = study;
        this.store = store;
        this.maker = maker;
        this.clock = clock;
    }

    /** Every cell that is known to be missing, in the order of the plan. */
    public List<PlannedCell<K>> missing() throws IOException {
        return study instanceof AdaptiveStudy<K, R> adaptive
                ? missingOf(new Progression(adaptive).next)
                : missingOf(study.cells());
    }

    /** Every cell that is known, finished or not, in the order of the plan. */
    public List<PlannedCell<K>> known() throws IOException {
        return study instanceof AdaptiveStudy<K, R> adaptive ? new Progression(adaptive).known() : study.cells();
    }

    /**
     * Every cell that is missing and can be done at one time with the others: all of a plan, and of an adaptive study what does not
     * hang on a result that is missing.
     */
    public List<PlannedCell<K>> wave() throws IOException {
        return study instanceof AdaptiveStudy<K, R> adaptive ? missingOf(new Progression(adaptive).wave()) : missing();
    }

    /** Every cell that is known or can be done now, finished or not. */
    public List<PlannedCell<K>> withinReach() throws IOException {
        if (study instanceof AdaptiveStudy<K, R> adaptive) {
            Progression progression = new Progression(adaptive);
            List<PlannedCell<K>> cells = new ArrayList<>(progression.finished);
            cells.addAll(progression.wave());
            return cells;
        }
        return study.cells();
    }

    private List<PlannedCell<K>> missingOf(List<PlannedCell<K>> cells) throws IOException {
        List<PlannedCell<K>> missing = new ArrayList<>();
        for (PlannedCell<K> cell : cells) {
            if (store.find(cell).isEmpty()) {
                missing.add(cell);
            }
        }
        return missing;
    }

    /** An adaptive study as far as its results are kept: the cells that are finished, and those that follow from them. */
    private final class Progression {
        private final AdaptiveStudy<K, R> adaptive;
        private final Set<PlannedCell<K>> finished = new LinkedHashSet<>();
        private final List<R> results = new ArrayList<>();
        private List<PlannedCell<K>> next;

        Progression(AdaptiveStudy<K, R> adaptive) throws IOException {
            this.adaptive = adaptive;
            this.next = adaptive.next(results);
            goOn();
        }

        /** Passes what is finished. */
        void goOn() throws IOException {
            while (!next.isEmpty()) {
                PlannedCell<K> cell = next.get(0);
                Optional<FinishedCell<R>> kept = store.find(cell);
                if (kept.isEmpty()) {
                    break;
                }
                if (!finished.add(cell)) {
                    throw new IllegalStateException("next must give cells that are not finished, gave " + cell.key());
                }
                results.add(kept.get().result());
                next = adaptive.next(List.copyOf(results));
            }
            store.know(known());
        }

        List<PlannedCell<K>> wave() {
            return next.isEmpty() ? List.of() : adaptive.wave(List.copyOf(results));
        }

        List<PlannedCell<K>> known() {
            List<PlannedCell<K>> known = new ArrayList<>(finished);
            known.addAll(next);
            return known;
        }
    }

    /**
     * Does what is missing.
     *
     * @param stop asked often; once true, this returns soon, with everything kept that is finished
     * @return whether every cell is finished
     */
    public boolean run(StudyListener<K, R> listener, BooleanSupplier stop) throws IOException {
        Context context = new Context(listener, stop);
        if (study instanceof AdaptiveStudy<K, R> adaptive) {
            return run(new Progression(adaptive), context);
        }
        List<Job<K, R>> jobs = study.jobs(missing());
        jobs.forEach(job -> job.plan(context::plan));
        for (Job<K, R> job : jobs) {
            if (!run(job, context)) {
                return false;
            }
        }
        return true;
    }

    private boolean run(Progression progression, Context context) throws IOException {
        while (!progression.next.isEmpty()) {
            List<Job<K, R>> jobs = study.jobs(missingOf(progression.next));
            context.planAnew(jobs, progression.adaptive);
            context.listener.planned(progression.known().size());
            if (!run(jobs.get(0), context)) {
                return false;
            }
            progression.goOn();
        }
        return true;
    }

    /** Gives whether it was done. */
    private boolean run(Job<K, R> job, Context context) throws IOException {
        context.listener.jobStarted(
                job.name(), job.cells().stream().map(PlannedCell::key).toList());
        try {
            job.run(context);
            return true;
        } catch (Job.JobStopped stopped) {
            return false;
        }
    }

    private final class Context implements JobContext<K, R> {
        private final StudyListener<K, R> listener;
        private final BooleanSupplier stop;
        private final RemainingTime remaining = new RemainingTime();
        private double planned;
        private double done;
        private long toldAt = clock.getAsLong();

        Context(StudyListener<K, R> listener, BooleanSupplier stop) {
            this.listener = listener;
            this.stop = stop;
        }

        void plan(int pace, double amount) {
            planned += amount;
            remaining.plan(pace, amount);
        }

        /** These jobs are all that is known to be left. */
        void planAnew(List<Job<K, R>> jobs, AdaptiveStudy<K, R> adaptive) {
            remaining.clear();
            planned = done;
            jobs.forEach(job -> job.plan(this::plan));
            adaptive.planLater(this::plan);
        }

        @Override
        public boolean stopRequested() {
            return stop.getAsBoolean();
        }

        @Override
        public Path checkpoint(PlannedCell<?> cell) {
            return store.checkpoint(cell);
        }

        @Override
        public void note(String text, boolean alsoOnTerminal) {
            listener.noted(text, alsoOnTerminal);
        }

        @Override
        public void did(int pace, double amount, String status) {
            long now = clock.getAsLong();
            remaining.did(pace, amount, (now - toldAt) * 1e-9);
            toldAt = now;
            done += amount;
            tell(status, false);
        }

        @Override
        public void skip(int pace, double amount, String status) {
            toldAt = clock.getAsLong();
            remaining.skip(pace, amount);
            if (amount > 0) {
                done += amount;
                tell(status, false);
            }
        }

        @Override
        public void showNow(String status) {
            tell(status, true);
        }

        private void tell(String status, boolean notable) {
            double fraction = planned > 0 ? Math.min(1, done / planned) : 1;
            listener.advanced(new Progress(fraction, remaining.seconds(), status, notable));
        }

        @Override
        public OptionalDouble speed(int pace) {
            return remaining.speed(pace);
        }

        @Override
        public void finished(PlannedCell<K> cell, R result) throws IOException {
            store.keep(cell, new FinishedCell<>(cell.specification(), maker, result));
            listener.cellFinished(cell.key(), result);
        }
    }
}
