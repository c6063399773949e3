package resonance.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import resonance.study.AdaptiveStudy;
import resonance.study.FinishedCell;
import resonance.study.Job;
import resonance.study.PlannedCell;
import resonance.study.RemainingTime;
import resonance.study.Study;
import resonance.study.StudyFolder;
import resonance.study.StudyListener;
import resonance.study.StudyListener.Progress;
import resonance.study.WorkerException;

/**
 * How far the jobs of a run are that go on somewhere else, several at a time, and tells a listener of it. An attempt that is lost
 * takes what it had done with it.
 */
final class JobsAtWork<K, R> {
    private final List<Job<K, R>> jobs;
    private final StudyFolder<R> folder;
    private final StudyListener<K, R> listener;
    private final double[] work;
    private final boolean[] finished;
    private final Map<Long, Attempt> attempts = new HashMap<>();
    private final RemainingTime remaining = new RemainingTime();
    private double planned;
    private double finishedWork;
    private double done;
    private long toldAt = System.nanoTime();

    private static final class Attempt {
        private final int job;
        private double done;
        private int notes;

        Attempt(int job) {
            this.job = job;
        }
    }

    /**
     * Plans jobs.
     *
     * @param cells to be done now
     * @param workBefore work that the run has done before these
     */
    JobsAtWork(
            Study<K, R> study,
            List<PlannedCell<K>> cells,
            double workBefore,
            StudyFolder<R> folder,
            StudyListener<K, R> listener) {
        this.jobs = List.copyOf(study.jobs(cells));
        this.folder = folder;
        this.listener = listener;
        this.finishedWork = workBefore;
        this.done = workBefore;
        this.planned = workBefore;
        this.work = new double[jobs.size()];
        this.finished = new boolean[jobs.size()];
        for (int i = 0; i < work.length; i++) {
            int job = i;
            jobs.get(i).plan((pace, amount) -> work[job] += amount);
            planned += work[i];
        }
        if (study instanceof AdaptiveStudy<K, R> adaptive) {
            adaptive.planLater((pace, amount) -> planned += amount);
        }
        remaining.plan(0, planned - workBefore);
        tellSetAside(); // what was damaged when it was asked which cells there are
    }

    List<Job<K, R>> jobs() {
        return jobs;
    }

    /** Work of the run that is done, these jobs' and what was before. */
    double finishedWork() {
        return finishedWork;
    }

    /** Attempts that have begun and not ended. */
    int running() {
        return attempts.size();
    }

    /** Tells of an event. */
    void take(TaskEvents.Event event) throws IOException {
        if (event instanceof TaskEvents.Event.Started started) {
            Job<K, R> job = jobs.get(started.job());
            attempts.put(started.task(), new Attempt(started.job()));
            listener.jobStarted(
                    job.name(), job.cells().stream().map(PlannedCell::key).toList());
        } else if (event instanceof TaskEvents.Event.Advanced advanced) {
            @Nullable Attempt attempt = attempts.get(advanced.task());
            if (attempt != null) {
                for (String note : advanced.notes()
                        .subList(
                                Math.min(attempt.notes, advanced.notes().size()),
                                advanced.notes().size())) {
                    listener.noted(jobs.get(attempt.job).name() + ": " + note, true);
                }
                attempt.notes = Math.max(attempt.notes, advanced.notes().size());
                attempt.done = Math.max(attempt.done, Math.min(1, advanced.done()));
            }
        } else if (event instanceof TaskEvents.Event.Ended ended) {
            attempts.remove(ended.task());
            if (ended.succeeded()) {
                finish(ended.job());
            }
        }
        tell();
    }

    private void tell() {
        double now = finishedWork;
        for (Attempt attempt : attempts.values()) {
            now += finished[attempt.job] ? 0 : attempt.done * work[attempt.job];
        }
        long clock = System.nanoTime();
        if (now >= done) {
            remaining.did(0, now - done, (clock - toldAt) * 1e-9);
        } else {
            remaining.plan(0, done - now);
        }
        done = now;
        toldAt = clock;
        double fraction = planned > 0 ? Math.min(1, done / planned) : 1;
        listener.advanced(new Progress(
                fraction,
                remaining.seconds(),
                String.format(Locale.ROOT, "%.0f %%, %d at work", 100 * fraction, attempts.size()),
                false));
    }

    private void finish(int job) throws IOException {
        if (finished[job]) {
            return;
        }
        List<FinishedCell<R>> cells = new ArrayList<>();
        for (PlannedCell<K> cell : jobs.get(job).cells()) {
            Optional<FinishedCell<R>> kept = folder.find(cell);
            if (kept.isEmpty()) {
                tellSetAside();
                return;
            }
            cells.add(kept.get());
        }
        finished[job] = true;
        finishedWork += work[job];
        for (int i = 0; i < cells.size(); i++) {
            listener.cellFinished(
                    jobs.get(job).cells().get(i).key(), cells.get(i).result());
        }
    }

    private void tellSetAside() {
        folder.newlySetAside().forEach(line -> listener.noted(line, true));
    }

    /** Tells of the jobs whose cells are all there, and gives whether they all are. */
    boolean takeFinished() throws IOException {
        boolean all = true;
        for (int job = 0; job < finished.length; job++) {
            finish(job);
            all &= finished[job];
        }
        return all;
    }

    /** Refuses to end where a process wrote its records into a folder that is not the one of this process. */
    void requireAll() {
        for (int job = 0; job < finished.length; job++) {
            if (!finished[job]) {
                throw new WorkerException("output folder " + folder.folder() + " must be on a file system that every"
                        + " process of the study shares, has no record of "
                        + jobs.get(job).name()
                        + ", which was finished elsewhere; choose one that is shared");
            }
        }
    }

    /** Tells people why nothing happens. */
    void noteUntaken(int threads) {
        listener.noted(
                "no process has taken a cell yet; each needs " + threads + (threads == 1 ? " free core" : " free cores")
                        + " of one worker",
                true);
    }
}
