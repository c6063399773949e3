package resonance.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import resonance.study.StudyListener.Progress;

/**
 * Where in a study a command runs, for what it tells of its progress.
 *
 * @param number from 1
 * @param count of all parts
 * @param name of the part
 * @param continuation the command that goes on with the study, as it was typed
 * @param amount of work that is left of this part
 * @param secondsAfter time of the later parts of which it is known, s
 * @param amountAfter work of later parts of this kind of which no cell is finished; it goes as fast as this part
 * @param complete whether those are all later parts
 */
record PartOfStudy(
        int number,
        int count,
        String name,
        String continuation,
        double amount,
        double secondsAfter,
        double amountAfter,
        boolean complete) {

    /** The part that is to run, and what is known of those after it. */
    static PartOfStudy of(List<PartState> parts, int index, String continuation) {
        PartState own = parts.get(index);
        double secondsAfter = 0;
        double amountAfter = 0;
        boolean complete = true;
        for (PartState later : parts.subList(index + 1, parts.size())) {
            Optional<TimeLeft> left = later.timeLeft(parts);
            boolean ofThisKind = later.part().kind().equals(own.part().kind());
            boolean asThisGoes = ofThisKind
                    && left.filter(time -> time.by() == TimeSource.FINISHED).isEmpty();
            if (asThisGoes) {
                amountAfter += later.amountLeft();
            } else {
                secondsAfter += left.map(TimeLeft::seconds).orElse(0.0);
            }
            complete &= left.isPresent() || ofThisKind;
        }
        return new PartOfStudy(
                index + 1,
                parts.size(),
                own.part().name(),
                continuation,
                own.amountLeft(),
                secondsAfter,
                amountAfter,
                complete);
    }

    /** The part that a command is run as, if it is. */
    static Optional<PartOfStudy> of(CommandSpec command) {
        return command.root().userObject() instanceof ResonanceCli program ? program.part() : Optional.empty();
    }

    /** What stands before the numbers of cells. */
    String prefix() {
        return String.format(Locale.ROOT, "part %d/%d %s, ", number, count, name);
    }

    /** The time that is left of the whole study, in words; empty if the part's own is not known, or all there is. */
    String timeInAll(double elapsed, Progress progress) {
        boolean known = amountAfter == 0 || (progress.fraction() > 0 && amount > 0);
        if (number == count || progress.secondsLeft().isEmpty() || !known) {
            return "";
        }
        double after = secondsAfter + (amountAfter == 0 ? 0 : amountAfter * elapsed / (progress.fraction() * amount));
        return ", " + (complete ? "" : "more than ")
                + ProgressLine.time(progress.secondsLeft().getAsDouble() + after) + " in all";
    }
}
