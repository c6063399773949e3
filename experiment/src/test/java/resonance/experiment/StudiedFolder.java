package resonance.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import resonance.study.FinishedCell;
import resonance.study.PlannedCell;
import resonance.study.Provenance;
import resonance.study.Study;
import resonance.study.StudyFolder;
import resonance.study.StudyListener;
import resonance.study.StudyRun;

/** A study in a folder, as tests run it and look into it; keeps what the last run told. */
final class StudiedFolder<K, R> implements StudyListener<K, R> {
    static final Provenance RUN = Provenance.ofThisMachine("1.2.3", "unknown", "none", "test");

    final List<K> started = new ArrayList<>();
    final List<Progress> progress = new ArrayList<>();
    final List<R> finished = new ArrayList<>();
    int jobs;

    private final Study<K, R> study;
    private final Path folder;

    StudiedFolder(Study<K, R> study, Path folder) {
        this.study = study;
        this.folder = folder;
    }

    boolean run() throws IOException {
        return run(() -> false);
    }

    boolean run(BooleanSupplier stop) throws IOException {
        try (StudyFolder<R> store = StudyFolder.open(folder, study, RUN)) {
            return new StudyRun<>(study, store, RUN).run(this, stop);
        }
    }

    List<K> missing() throws IOException {
        try (StudyFolder<R> store = StudyFolder.open(folder, study, RUN)) {
            return new StudyRun<>(study, store, RUN)
                    .missing().stream().map(PlannedCell::key).toList();
        }
    }

    /** Results of the finished cells, in the order of the plan. */
    List<R> results() throws IOException {
        List<R> results = new ArrayList<>();
        try (StudyFolder<R> store = StudyFolder.open(folder, study, RUN)) {
            for (PlannedCell<K> cell : study.cells()) {
                store.find(cell).map(FinishedCell::result).ifPresent(results::add);
            }
        }
        return results;
    }

    /** Steps that the last run told of; measurements repeat the status of the step before. */
    long steps() {
        long steps = 0;
        String last = "";
        for (Progress told : progress) {
            if (told.status().startsWith("step ") && !told.status().equals(last)) {
                steps++;
            }
            last = told.status();
        }
        return steps;
    }

    @Override
    public void jobStarted(String name, List<K> cells) {
        jobs++;
        started.addAll(cells);
    }

    @Override
    public void noted(String text, boolean alsoOnTerminal) {}

    @Override
    public void advanced(Progress now) {
        progress.add(now);
    }

    @Override
    public void cellFinished(K key, R result) {
        finished.add(result);
    }
}
