package resonance.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A study in a folder, held by one process at a time.
 *
 * <pre>
 *   FOLDER/study.json                         the plan: with the cells, all that a report is made from
 *   FOLDER/cells/LABEL--HASH.json             a finished cell, its specification inside
 *   FOLDER/checkpoints/LABEL--HASH.ckpt       the state of a cell that is not finished
 *   FOLDER/.lock                              who is at work
 * </pre>
 *
 * <p>The hash is of the specification, so cells of other settings may lie side by side and are left alone.
 */
public final class StudyFolder<R> implements CellStore<R>, AutoCloseable {
    static final String DESCRIPTION = "study.json";
    static final String CELLS = "cells";
    static final String ENDING = ".json";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String CHOOSE = "; choose another {folder}";

    private final Path folder;
    private final Class<R> resultType;
    private final FolderLock lock;

    private StudyFolder(Path folder, Class<R> resultType, FolderLock lock) {
        this.folder = folder;
        this.resultType = resultType;
        this.lock = lock;
    }

    /**
     * Opens a study's folder, made if it is not there, and describes the study in it.
     *
     * @param run with what, where and when it is opened
     * @throws UnfitFolderException if the folder holds something else: another kind of study, one with another
     *     {@linkplain Study#identity identity}, or results in the form of an earlier version; nothing is changed then
     * @throws FolderInUseException if somebody else is at work in it
     */
    public static <K, R> StudyFolder<R> open(Path folder, Study<K, R> study, Provenance run) throws IOException {
        requireRoom(folder, study);
        Files.createDirectories(folder);
        FolderLock lock = FolderLock.take(folder);
        boolean opened = false;
        try {
            requireRoom(folder, study); // once more, now that nobody else changes it
            Files.createDirectories(folder.resolve(CELLS));
            Files.createDirectories(folder.resolve(CHECKPOINTS));
            AtomicFile.write(folder.resolve(DESCRIPTION), RecordJson.write(StudyDescription.of(study, run)));
            opened = true;
            return new StudyFolder<>(folder, study.resultType(), lock);
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    private static void requireRoom(Path folder, Study<?, ?> study) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new UnfitFolderException("{folder} must be a folder, " + folder + " is a file" + CHOOSE);
        }
        Path description = folder.resolve(DESCRIPTION);
        if (Files.exists(description)) {
            requireSame(folder, description, study);
            return;
        }
        if (Files.exists(folder.resolve(CELLS))) {
            throw new UnfitFolderException("{folder} " + folder + " must be new or have a " + DESCRIPTION
                    + ", but holds results of an earlier version, which had none; show or finish them with the version"
                    + " that made them, or choose another {folder}");
        }
        if (!study.identity().isEmpty()) {
            requireEmpty(folder);
        }
    }

    private static void requireSame(Path folder, Path description, Study<?, ?> study) throws IOException {
        StudyDescription found;
        try {
            found = RecordJson.read(description, StudyDescription.class);
        } catch (RecordFormatException e) {
            throw new UnfitFolderException(description + " must be a study's description, is not readable as such: "
                    + e.getMessage() + CHOOSE);
        }
        if (!found.kind().equals(study.kind())) {
            throw new UnfitFolderException("{folder} " + folder + " must be new or hold a study of " + study.kind()
                    + ", but holds one of " + found.kind() + CHOOSE);
        }
        Set<String> settings = new LinkedHashSet<>(study.identity().keySet());
        settings.addAll(found.identity().keySet());
        for (String setting : settings) {
            String there = found.identity().getOrDefault(setting, "none");
            String here = study.identity().getOrDefault(setting, "none");
            if (!here.equals(there)) {
                throw new UnfitFolderException("{folder} " + folder + " must be new or hold this experiment,"
                        + " but holds one with " + setting + " = " + there + " where this has " + here + CHOOSE
                        + " or the same settings");
            }
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> first =
                    files.filter(file -> !file.endsWith(FolderLock.NAME)).findFirst();
            if (first.isPresent()) {
                throw new UnfitFolderException("{folder} " + folder
                        + " must be new, empty or hold this experiment, but holds "
                        + first.get().getFileName() + CHOOSE);
            }
        }
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    @Override
    public Optional<FinishedCell<R>> find(PlannedCell<?> cell) throws IOException {
        Path file = file(cell);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        FinishedCell<R> found = read(file, resultType);
        if (!found.specification().equals(cell.specification())) {
            throw foreign(file, found);
        }
        return Optional.of(found);
    }

    @Override
    public void keep(PlannedCell<?> cell, FinishedCell<R> finished) throws IOException {
        AtomicFile.write(file(cell), RecordJson.write(finished));
    }

    @Override
    public Path checkpoint(PlannedCell<?> cell) {
        return folder.resolve(CHECKPOINTS).resolve(cell.fileName() + ".ckpt");
    }

    private Path file(PlannedCell<?> cell) {
        return folder.resolve(CELLS).resolve(cell.fileName() + ENDING);
    }

    /** Reads a cell's file, and holds its name against the specification inside. */
    static <R> FinishedCell<R> read(Path file, Class<R> resultType) throws IOException {
        FinishedCell<R> found = RecordJson.readCell(file, resultType);
        if (!file.toString().endsWith(found.specification().hashInFileName() + ENDING)) {
            throw foreign(file, found);
        }
        return found;
    }

    private static RecordFormatException foreign(Path file, FinishedCell<?> found) {
        return new RecordFormatException(file + ": the specification must be the one that the file is named by, was "
                + found.specification() + "; delete the file to make the cell again");
    }

    /** Lets others work in the folder. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
