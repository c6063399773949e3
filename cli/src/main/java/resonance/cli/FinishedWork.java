package resonance.cli;

import java.util.List;
import resonance.study.FolderState;
import resonance.study.FolderState.CellTime;

/**
 * Work that is done, and the time that it took.
 *
 * @param amount in the unit of {@link StudyPlan.Work}
 * @param seconds 0 if no result says how long it took
 */
record FinishedWork(double amount, double seconds) {
    static final FinishedWork NONE = new FinishedWork(0, 0);

    /** What is finished of some jobs. All cells of a training have its whole time. */
    static FinishedWork of(List<StudyPlan.Work> jobs, FolderState state) {
        return jobs.stream().map(job -> of(job, state)).reduce(NONE, FinishedWork::plus);
    }

    private static FinishedWork of(StudyPlan.Work job, FolderState state) {
        List<CellTime> times = times(job, state);
        if (times.isEmpty()) {
            return NONE;
        }
        double longest = 0;
        double sum = 0;
        for (CellTime time : times) {
            longest = Math.max(longest, time.seconds().orElse(0));
            sum += time.seconds().orElse(0);
        }
        return isWhole(times)
                ? new FinishedWork(job.amount(), longest)
                : new FinishedWork(job.amount() * times.size() / job.cells().size(), sum);
    }

    /** Whether a job was done whole, so that it takes all of its time again for a single cell. */
    static boolean isWhole(StudyPlan.Work job, FolderState state) {
        return isWhole(times(job, state));
    }

    private static boolean isWhole(List<CellTime> times) {
        return times.stream().anyMatch(CellTime::ofWholeJob);
    }

    private static List<CellTime> times(StudyPlan.Work job, FolderState state) {
        return job.cells().stream()
                .map(state.finished()::get)
                .filter(time -> time != null && time.seconds().isPresent())
                .toList();
    }

    FinishedWork plus(FinishedWork other) {
        return new FinishedWork(amount + other.amount, seconds + other.seconds);
    }
}
