package resonance.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a process does of a study that another one plans and holds the folder of: cells by the names of their files. Cells that
 * are there already are passed over, so a share that is done twice does nothing the second time.
 *
 * <p>Several threads may do shares of it at a time.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
public final class StudyShare<K, R> implements AutoCloseable {
    private final OpenedStudy<K, R> opened;
    private final StudyFolder<R> folder;
    private final Map<String, PlannedCell<K>> cells = new LinkedHashMap<>();

    /**
     * Joins in a study.
     *
     * @param opened the study as this process has it, which belongs to the share from now on, and is freed if there is none
     * @throws WorkerException if its folder is not to be found in this process
     */
    public StudyShare(OpenedStudy<K, R> opened, Path folder) {
        this.opened = opened;
        try {
            this.folder = StudyFolder.join(folder, opened.study());
        } catch (WorkerException notThere) {
            opened.close();
            throw notThere;
        }
        opened.study().cells().forEach(cell -> cells.put(cell.fileName(), cell));
    }

    /**
     * Does some cells, which are one job or several of the study's.
     *
     * @param names of the cells' files, without an ending
     * @param listener told of this share alone: its progress goes from 0 to 1; a damaged record that is set aside is noted
     * @return whether all of them are finished
     * @throws WorkerException if this process's study has no such cell, since what it is made from differs here
     */
    public boolean run(List<String> names, StudyListener<K, R> listener, BooleanSupplier stop) throws IOException {
        List<PlannedCell<K>> share = cells(names);
        StudyRun<K, R> run = new StudyRun<>(new Some<>(opened.study(), share), folder, opened.maker());
        run.missing(); // sets aside what was damaged since the process that plans has looked
        folder.newlySetAside().forEach(line -> listener.noted(line, true));
        return run.run(listener, stop);
    }

    private synchronized List<PlannedCell<K>> cells(List<String> names) throws IOException {
        if (!cells.keySet().containsAll(names)) { // those of an adaptive study follow from what is kept by now
            for (PlannedCell<K> cell : new StudyRun<>(opened.study(), folder, opened.maker()).withinReach()) {
                cells.put(cell.fileName(), cell);
            }
        }
        List<PlannedCell<K>> found = new ArrayList<>();
        for (String name : names) {
            @Nullable PlannedCell<K> cell = cells.get(name);
            if (cell == null) {
                throw new WorkerException(
                        "every process must make the study from the same files and the same build, cell "
                                + name
                                + " is none of its cells here; copy the files, and name those of one name by absolute"
                                + " paths");
            }
            found.add(cell);
        }
        return found;
    }

    /** Frees what the study holds. */
    @Override
    public void close() {
        opened.close();
    }

    /** A study of which only these cells are to be done. */
    private record Some<K, R>(Study<K, R> whole, List<PlannedCell<K>> cells) implements Study<K, R> {
        @Override
        public String kind() {
            return whole.kind();
        }

        @Override
        public Object plan() {
            return whole.plan();
        }

        @Override
        public Map<String, String> settings() {
            return whole.settings();
        }

        @Override
        public List<Job<K, R>> jobs(List<PlannedCell<K>> missing) {
            return whole.jobs(missing);
        }

        @Override
        public Class<R> resultType() {
            return whole.resultType();
        }
    }
}
