package resonance.cli;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import resonance.study.StudyListener;

/**
 * Shows how far a study is: a state as in {@link ProgressLine}, and a line for a finished cell.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
final class StudyProgress<K, R> implements StudyListener<K, R> {
    private final ProgressLine line;
    private final Function<R, Optional<String>> outcome;
    private final LongSupplier clock;
    private final Optional<PartOfStudy> part;
    private final long started;
    private int cells;
    private int finished;

    /** When the job of a cell that is not finished began. */
    private final Map<K, Long> begun = new HashMap<>();

    private String job = "";
    private int jobCells = 1;

    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param finished cells finished before this run
     * @param cells all cells, as far as they are known
     * @param outcome a finished cell's result in words; empty if there are too many cells for a line each
     * @param clock {@link System#nanoTime}
     * @param part where in a study of several commands this is, if it is in one
     */
    StudyProgress(
            PrintWriter err,
            OptionalInt columns,
            int finished,
            int cells,
            Function<R, Optional<String>> outcome,
            LongSupplier clock,
            Optional<PartOfStudy> part) {
        this.line = new ProgressLine(err, columns);
        this.outcome = outcome;
        this.clock = clock;
        this.part = part;
        this.cells = cells;
        this.finished = finished;
        this.started = clock.getAsLong();
        line.restartInterval(started);
    }

    @Override
    public void jobStarted(String name, List<K> keys) {
        keys.forEach(key -> begun.put(key, clock.getAsLong()));
        job = name;
        jobCells = keys.size();
    }

    @Override
    public void planned(int known) {
        cells = known;
    }

    @Override
    public void noted(String text, boolean alsoOnTerminal) {
        if (alsoOnTerminal || !line.isTerminal()) {
            line(position(jobCells, job) + ": " + text);
        }
    }

    @Override
    public void advanced(Progress progress) {
        long now = clock.getAsLong();
        if (!line.isDue(now) && !(progress.notable() && line.isTerminal())) {
            return;
        }
        line.restartInterval(now);
        double elapsed = (now - started) * 1e-9;
        String state = String.format(
                Locale.ROOT,
                "%s elapsed%s%s, %s",
                ProgressLine.time(elapsed),
                ProgressLine.text(", ", progress.secondsLeft(), ProgressLine::time, " left"),
                part.map(place -> place.timeInAll(elapsed, progress)).orElse(""),
                progress.status().isEmpty()
                        ? String.format(Locale.ROOT, "%.0f %%", 100 * progress.fraction())
                        : progress.status());
        line.state(
                line.isTerminal()
                        ? prefix() + "cell " + (finished + 1) + "/" + cells + ": " + state + ", " + job
                        : position(1, job) + ": " + state);
    }

    @Override
    public void cellFinished(K key, R result) {
        long now = clock.getAsLong();
        @Nullable Long since = begun.remove(key);
        String took = ProgressLine.time((now - (since == null ? now : since)) * 1e-9);
        outcome.apply(result).ifPresent(text -> line(position(1, key.toString()) + ": " + text + ", took " + took));
        finished++;
    }

    /** Prints a line of its own, in place of the state. */
    void line(String text) {
        line.line(text);
    }

    private String position(int count, String what) {
        String numbers = count == 1 ? "cell " + (finished + 1) : "cells " + (finished + 1) + "-" + (finished + count);
        return prefix() + numbers + "/" + cells + ", " + what;
    }

    private String prefix() {
        return part.map(PartOfStudy::prefix).orElse("");
    }
}
