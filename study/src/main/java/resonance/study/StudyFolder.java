package resonance.study;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A study in a folder, held by one process at a time.
 *
 * <pre>
 *   FOLDER/study.json                         the plan: with the cells, all that a report is made from
 *   FOLDER/cells/LABEL--HASH.json             a finished cell, its specification inside
 *   FOLDER/checkpoints/LABEL--HASH.ckpt       the state of a cell that is not finished
 *   FOLDER/report.html and others             made from the records, recorded as ours in FOLDER/.resonance-files.json
 *   FOLDER/.resonance-lock                    who is at work
 * </pre>
 *
 * <p>The hash is of the specification, so cells of other settings may lie side by side and are left alone. Plan and cells
 * carry a checksum; a damaged one is renamed, told of in {@link #setAside} and made again. A folder that can't be written to
 * is opened for reading.
 */
public final class StudyFolder<R> implements CellStore<R>, AutoCloseable {
    static final String DESCRIPTION = "study.json";
    static final String CELLS = "cells";
    static final String ENDING = ".json";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String CHECKPOINT_ENDING = ".ckpt";
    private static final String CHOOSE = "; choose another {folder}";

    private final Path folder;
    private final Class<R> resultType;
    private final WrittenFiles written;
    private final @Nullable FolderLock lock;
    private final boolean writable;
    private final List<String> setAside = Collections.synchronizedList(new ArrayList<>());
    private int toldSetAside; // under setAside's lock
    private @Nullable StudyDescription description;

    private StudyFolder(
            Path folder, Class<R> resultType, WrittenFiles written, @Nullable FolderLock lock, boolean writable) {
        this.folder = folder;
        this.resultType = resultType;
        this.written = written;
        this.lock = lock;
        this.writable = writable;
    }

    /**
     * Opens a study's folder, made if it is not there, and describes the study in it.
     *
     * @param run with what, where and when it is opened
     * @throws UnfitFolderException if the folder holds something else: another kind of study, one with another
     *     {@linkplain Study#identity identity}, or results in the form of an earlier version; nothing is changed then
     * @throws FolderInUseException if somebody else is at work in it; later it is thrown by all that changes the folder or finds
     *     cells, if it is in a store and was taken away meanwhile
     */
    public static <K, R> StudyFolder<R> open(Path folder, Study<K, R> study, Provenance run) throws IOException {
        return open(folder, study, run, line -> {});
    }

    /**
     * The same where somebody wants to know why it takes a while.
     *
     * @param waiting told in a line before it is waited for an owner that may be dead, which is in stores alone
     */
    public static <K, R> StudyFolder<R> open(Path folder, Study<K, R> study, Provenance run, Consumer<String> waiting)
            throws IOException {
        requireUsable(folder, study.kind(), List.of());
        WrittenFiles written = WrittenFiles.in(folder, study.kind(), run.softwareVersion());
        if (isBegun(folder) && !Files.isWritable(folder)) {
            requireRoom(folder, study);
            return new StudyFolder<>(folder, study.resultType(), written, null, false);
        }
        written.makeFolder();
        FolderLock lock = FolderLock.take(folder, waiting);
        boolean opened = false;
        try {
            StudyFolder<R> taken = new StudyFolder<>(folder, study.resultType(), written, lock, true);
            taken.describe(study, run);
            opened = true;
            return taken;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    /**
     * Joins in the work on a folder that another process holds: cells are found and kept, and nothing is locked, described or
     * tidied up. Reports and the plan are the holder's.
     *
     * @throws WorkerException if there is no study in it
     */
    static <R> StudyFolder<R> join(Path folder, Study<?, R> study) {
        if (!Files.isDirectory(folder.resolve(CELLS))) {
            throw new WorkerException("output folder " + folder + " must be on a file system that every process of the"
                    + " study reaches by this path, was not found on " + HostName.get()
                    + "; choose one that is shared");
        }
        return new StudyFolder<>(folder, study.resultType(), WrittenFiles.in(folder, study.kind(), ""), null, true);
    }

    /** Now that nobody else changes the folder. */
    private void describe(Study<?, ?> study, Provenance run) throws IOException {
        Optional<RecordFormatException> damage = requireRoom(folder, study);
        if (damage.isPresent()) {
            setAside(folder.resolve(DESCRIPTION), damage.get(), "written anew");
        }
        AtomicFile.removeLeftovers(folder, name -> name.equals(DESCRIPTION) || name.equals(WrittenFiles.NAME));
        AtomicFile.removeLeftovers(folder.resolve(CELLS), name -> name.endsWith(ENDING));
        AtomicFile.removeLeftovers(folder.resolve(CHECKPOINTS), name -> name.endsWith(CHECKPOINT_ENDING));
        removeCheckpointsOfFinished(
                study.cells().stream().map(PlannedCell::fileName).toList());
        // First of all that stays, so that a run that is killed here leaves a study or nothing.
        write(StudyDescription.of(study, run));
        Files.createDirectories(folder.resolve(CELLS));
        Files.createDirectories(folder.resolve(CHECKPOINTS));
    }

    /**
     * Removes the state of cells if all are finished: what runs left that were killed between a cell and its end. Before that,
     * the state of one may be the training of another.
     */
    private void removeCheckpointsOfFinished(List<String> names) throws IOException {
        if (names.stream().allMatch(name -> Files.exists(folder.resolve(CELLS).resolve(name + ENDING)))) {
            for (String name : names) {
                Files.deleteIfExists(folder.resolve(CHECKPOINTS).resolve(name + CHECKPOINT_ENDING));
            }
        }
    }

    private void write(StudyDescription changed) throws IOException {
        requireHeld();
        AtomicFile.write(folder.resolve(DESCRIPTION), RecordJson.seal(changed));
        description = changed;
    }

    /** Whether a folder holds a study, finished or not. */
    public static boolean isBegun(Path folder) {
        return Files.exists(folder.resolve(DESCRIPTION));
    }

    /**
     * Refuses what no study of a kind can be written into, before any work: no folder, one without permission and without
     * results to show, or one with files under the names of reports that are not ours. In a study of this kind the records
     * count, and such files are {@linkplain WrittenFiles#setAside set aside} when the reports are written.
     *
     * @param reports names of files that will be written beside the records
     */
    public static void requireUsable(Path folder, String kind, Collection<String> reports) throws IOException {
        WrittenFiles files = WrittenFiles.in(folder, kind, "");
        if (!isBegun(folder)) {
            files.requireFolder();
        }
        if (Files.isWritable(folder) && !holdsStudyOf(folder, kind)) {
            files.requireOurs(reports);
        }
    }

    private static boolean holdsStudyOf(Path folder, String kind) throws IOException {
        Path description = folder.resolve(DESCRIPTION);
        if (!Files.exists(description, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            return RecordJson.unseal(description, StudyDescription.class).kind().equals(kind);
        } catch (RecordFormatException e) {
            return e.damaged(); // its cells say what the folder holds
        }
    }

    /**
     * Refuses a folder that a study can't go into, as {@link #open} does, and changes nothing. A folder that is not there takes
     * any study.
     *
     * @return what is wrong with a description that is to be written anew
     * @throws UnfitFolderException if the folder holds something else
     */
    public static Optional<RecordFormatException> requireRoom(Path folder, Study<?, ?> study) throws IOException {
        Path description = folder.resolve(DESCRIPTION);
        if (Files.exists(description, LinkOption.NOFOLLOW_LINKS)) {
            return requireSame(folder, description, study);
        }
        if (holdsAnything(folder.resolve(CELLS))) {
            throw new UnfitFolderException("{folder} " + folder + " must be new or have a " + DESCRIPTION
                    + ", but holds results of an earlier version, which had none; show or finish them with the version"
                    + " that made them, or choose another {folder}");
        }
        if (!study.identity().isEmpty() && Files.exists(folder)) {
            requireEmpty(folder);
        }
        return Optional.empty();
    }

    private static Optional<RecordFormatException> requireSame(Path folder, Path description, Study<?, ?> study)
            throws IOException {
        StudyDescription found;
        try {
            found = RecordJson.unseal(description, StudyDescription.class);
        } catch (RecordFormatException e) {
            if (e.damaged() && Files.isDirectory(folder.resolve(CELLS))) {
                requireSameCells(folder, study);
                return Optional.of(e);
            }
            throw new UnfitFolderException(
                    description + " must be a study's description, is not: " + e.getMessage() + CHOOSE);
        }
        requireSame(folder, study, found.kind(), found.identity());
        return Optional.empty();
    }

    /** Where the description is damaged, any whole cell says what the folder holds. */
    private static void requireSameCells(Path folder, Study<?, ?> study) throws IOException {
        try (DirectoryStream<Path> cells = Files.newDirectoryStream(folder.resolve(CELLS), "*" + ENDING)) {
            for (Path cell : cells) {
                try {
                    CellSpecification found =
                            RecordJson.unsealCell(cell, Object.class).specification();
                    Map<String, String> identity = new LinkedHashMap<>(found.values());
                    identity.keySet().retainAll(study.identity().keySet());
                    requireSame(folder, study, found.kind(), identity);
                    return;
                } catch (RecordFormatException damagedToo) {
                    // Another may be whole.
                }
            }
        }
    }

    private static void requireSame(Path folder, Study<?, ?> study, String kind, Map<String, String> identity) {
        if (!kind.equals(study.kind())) {
            throw new UnfitFolderException("{folder} " + folder + " must be new or hold a study of " + study.kind()
                    + ", but holds one of " + kind + CHOOSE);
        }
        Set<String> settings = new LinkedHashSet<>(study.identity().keySet());
        settings.addAll(identity.keySet());
        for (String setting : settings) {
            String there = identity.getOrDefault(setting, "none");
            String here = study.identity().getOrDefault(setting, "none");
            if (!here.equals(there)) {
                throw new UnfitFolderException("{folder} " + folder + " must be new or hold this experiment,"
                        + " but holds one with " + setting + " = " + there + " where this has " + here + CHOOSE
                        + " or the same settings");
            }
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (isForeign(file)) {
                    throw new UnfitFolderException("{folder} " + folder
                            + " must be new, empty or hold this experiment, but holds " + file.getFileName() + CHOOSE);
                }
            }
        }
    }

    /** Whether there is more than an empty folder. */
    private static boolean holdsAnything(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            return entries.iterator().hasNext();
        }
    }

    private static boolean isForeign(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        boolean ownFolder = name.equals(CELLS) || name.equals(CHECKPOINTS);
        return !(ownFolder && !holdsAnything(file))
                && !FolderLock.isLock(name)
                && !name.equals(WrittenFiles.NAME)
                && !AtomicFile.isLeftover(name, ours -> ours.equals(DESCRIPTION) || ours.equals(WrittenFiles.NAME));
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Whether anything may be kept in it; if not, it is only shown. */
    public boolean writable() {
        return writable;
    }

    /** What else is written into it. */
    public WrittenFiles written() {
        return written;
    }

    /** What was damaged, where it is kept and what becomes of it, a line each. */
    public List<String> setAside() {
        return List.copyOf(setAside);
    }

    /** Those lines of {@link #setAside} that this did not give yet, so that each is told once, whoever asks. */
    public List<String> newlySetAside() {
        synchronized (setAside) {
            List<String> since = List.copyOf(setAside.subList(toldSetAside, setAside.size()));
            toldSetAside = setAside.size();
            return since;
        }
    }

    private void setAside(Path file, RecordFormatException damage, String cure) throws IOException {
        String line = damage.problem() + "; ";
        setAside.add(
                writable()
                        ? line + "it is kept as " + SetAside.rename(file).getFileName() + " and " + cure
                        : line + "the folder can't be written to");
    }

    /** Nothing is changed in a folder that was taken away from this process. */
    private void requireHeld() throws IOException {
        if (lock != null) {
            lock.requireHeld();
        }
    }

    /**
     * What a failure of the study's work comes from: if the folder was taken away from this process or removed, that, else itself.
     */
    public IOException causeOf(IOException failure) {
        if (lock == null || failure instanceof FolderInUseException) {
            return failure;
        }
        try {
            lock.requireHeldNow();
            return failure;
        } catch (FolderInUseException takenAway) {
            takenAway.addSuppressed(failure);
            return takenAway;
        } catch (IOException noAnswer) {
            failure.addSuppressed(noAnswer);
            return failure;
        }
    }

    @Override
    public Optional<FinishedCell<R>> find(PlannedCell<?> cell) throws IOException {
        requireHeld();
        Path file = file(cell);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(file, resultType));
        } catch (RecordFormatException e) {
            setAside(file, e, "the cell is made again");
            return Optional.empty();
        }
    }

    @Override
    public void keep(PlannedCell<?> cell, FinishedCell<R> finished) throws IOException {
        requireHeld();
        AtomicFile.write(file(cell), RecordJson.seal(finished));
    }

    @Override
    public void know(List<? extends PlannedCell<?>> cells) throws IOException {
        StudyDescription written = description;
        List<String> names = cells.stream().map(PlannedCell::fileName).toList();
        if (written != null && !names.equals(written.cells())) {
            write(written.withCells(names));
        }
    }

    @Override
    public Path checkpoint(PlannedCell<?> cell) {
        return folder.resolve(CHECKPOINTS).resolve(cell.fileName() + CHECKPOINT_ENDING);
    }

    private Path file(PlannedCell<?> cell) {
        return folder.resolve(CELLS).resolve(cell.fileName() + ENDING);
    }

    /** Reads a cell's file, and holds its name against the specification inside. */
    static <R> FinishedCell<R> read(Path file, Class<R> resultType) throws IOException {
        FinishedCell<R> found = RecordJson.unsealCell(file, resultType);
        if (!file.toString().endsWith(found.specification().hashInFileName() + ENDING)) {
            throw RecordFormatException.damaged(
                    file + " must be the record of the cell that it is named by, but is another cell's");
        }
        return found;
    }

    /** Lets others work in the folder. */
    @Override
    public void close() throws IOException {
        if (lock == null) {
            return;
        }
        try (lock) {
            StudyDescription written = description;
            if (written != null) {
                lock.requireHeld();
                removeCheckpointsOfFinished(written.cells());
            }
        } catch (FolderInUseException takenAway) {
            // Told already, or by whoever holds it now.
        }
    }
}
