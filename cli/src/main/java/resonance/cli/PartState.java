package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import resonance.study.FolderState;
import resonance.study.FolderState.CellTime;

/**
 * A part of a study and how far it is.
 *
 * <p>How long the rest takes follows from what is finished: a job's time grows with its amount of work. A part's own cells tell
 * first, then those of all parts of its kind, and where there is none, nothing is known.
 *
 * @param part what it consists of
 * @param folder of its results
 * @param state of that folder
 */
record PartState(StudyPlan.Part part, Path folder, FolderState state) {
    /** The state of every part of a study. */
    static List<PartState> of(StudyPlan plan, Path out) throws IOException {
        List<PartState> states = new ArrayList<>();
        for (StudyPlan.Part part : plan.parts()) {
            Path folder = out.resolve(part.name());
            states.add(new PartState(part, folder, FolderState.of(folder, part.cells())));
        }
        return states;
    }

    int cells() {
        return part.cells().size();
    }

    int finished() {
        return state.finished().size();
    }

    /** Work that is done, and the time that it took. */
    private record Done(double amount, double seconds) {
        private static final Done NOTHING = new Done(0, 0);

        Done plus(Done other) {
            return new Done(amount + other.amount, seconds + other.seconds);
        }
    }

    private static List<CellTime> finished(StudyPlan.Work job, FolderState state) {
        return job.cells().stream()
                .map(state.finished()::get)
                .filter(time -> time != null && time.seconds().isPresent())
                .toList();
    }

    private Done done() {
        Done done = Done.NOTHING;
        for (StudyPlan.Work job : part.jobs()) {
            List<CellTime> times = finished(job, state);
            boolean ofWholeJob = times.stream().anyMatch(CellTime::ofWholeJob);
            double longest = 0;
            double sum = 0;
            for (CellTime time : times) {
                longest = Math.max(longest, time.seconds().orElse(0));
                sum += time.seconds().orElse(0);
            }
            if (!times.isEmpty()) {
                done = done.plus(
                        ofWholeJob
                                ? new Done(job.amount(), longest)
                                : new Done(
                                        job.amount()
                                                * times.size()
                                                / job.cells().size(),
                                        sum));
            }
        }
        return done;
    }

    /** Work that is left, in the part's unit: a training is made whole if one of its cells is missing. */
    double amountLeft() {
        double left = 0;
        for (StudyPlan.Work job : part.jobs()) {
            long missing = job.cells().stream()
                    .filter(cell -> !state.finished().containsKey(cell))
                    .count();
            boolean whole = finished(job, state).stream().anyMatch(CellTime::ofWholeJob);
            left += missing == 0
                    ? 0
                    : whole
                            ? job.amount()
                            : job.amount() * missing / job.cells().size();
        }
        return left;
    }

    /**
     * Time that the rest takes in this process, s; empty if nothing of its kind is finished.
     *
     * @param all parts of the study
     */
    OptionalDouble secondsLeft(List<PartState> all) {
        double left = amountLeft();
        if (left == 0) {
            return OptionalDouble.of(0);
        }
        Done done = done();
        if (done.seconds() == 0) {
            done = all.stream()
                    .filter(other -> other.part.kind().equals(part.kind()))
                    .map(PartState::done)
                    .reduce(Done.NOTHING, Done::plus);
        }
        return done.seconds() == 0 || done.amount() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(left / done.amount() * done.seconds());
    }
}
