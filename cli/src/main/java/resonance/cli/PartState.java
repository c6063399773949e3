package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import resonance.study.FolderState;

/**
 * A part of a study and how far it is.
 *
 * <p>How long the rest takes follows from the work that is left and a speed: that of the part's own cells, or else of those of all
 * parts of its kind; and where none is finished, the one that was expected when the study was planned.
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

    private FinishedWork done() {
        return FinishedWork.of(part.jobs(), state);
    }

    /** Work that is left, in the part's unit: a training is made whole if one of its cells is missing. */
    double amountLeft() {
        double left = 0;
        for (StudyPlan.Work job : part.jobs()) {
            long missing = job.cells().stream()
                    .filter(cell -> !state.finished().containsKey(cell))
                    .count();
            left += missing == 0
                    ? 0
                    : FinishedWork.isWhole(job, state)
                            ? job.amount()
                            : job.amount() * missing / job.cells().size();
        }
        return left;
    }

    /**
     * Time that the rest takes in this process; empty if nothing of its kind is finished, and nothing was expected.
     *
     * @param all parts of the study
     */
    Optional<TimeLeft> timeLeft(List<PartState> all) {
        double left = amountLeft();
        if (left == 0) {
            return Optional.of(new TimeLeft(0, TimeSource.FINISHED));
        }
        FinishedWork done = done();
        if (done.seconds() == 0) {
            done = all.stream()
                    .filter(other -> other.part.kind().equals(part.kind()))
                    .map(PartState::done)
                    .reduce(FinishedWork.NONE, FinishedWork::plus);
        }
        return done.seconds() == 0 || done.amount() == 0
                ? part.expected().timeOf(left)
                : Optional.of(new TimeLeft(left / done.amount() * done.seconds(), TimeSource.FINISHED));
    }
}
