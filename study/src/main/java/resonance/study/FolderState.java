package resonance.study;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far the work in a study's folder is. Anyone can look at any time, also while the study runs: nothing is changed, and no type of
 * result has to be known.
 *
 * @param finished cells that are kept and whole, by the names of their files, each with its time
 * @param damaged what is wrong with cells that are there and can't be read, a line each
 * @param setAside how many damaged records of earlier runs lie beside the cells
 * @param owner who is at work in the folder; empty if nobody is
 */
public record FolderState(Map<String, CellTime> finished, List<String> damaged, int setAside, Optional<String> owner) {
    private static final String OWN_SECONDS = "seconds";
    private static final String JOB_SECONDS = "wallSeconds";
    private static final String SET_ASIDE = "*" + StudyFolder.ENDING + ".damaged*";

    /** The state of a folder in which nothing was begun. */
    private static final FolderState NOT_BEGUN = new FolderState(Map.of(), List.of(), 0, Optional.empty());

    /**
     * The time that a finished cell took, as its result says.
     *
     * @param seconds empty if the result doesn't say
     * @param ofWholeJob whether it is the time of the cell's whole job, which other cells may share: results of trainings have
     *     {@value #JOB_SECONDS}, others {@value #OWN_SECONDS}
     */
    public record CellTime(OptionalDouble seconds, boolean ofWholeJob) {}

    public FolderState {
        finished = Collections.unmodifiableMap(new LinkedHashMap<>(finished));
        damaged = List.copyOf(damaged);
    }

    /**
     * Looks at a folder, which is there or not.
     *
     * @param cells names of the cells' files to look for, without an ending
     */
    public static FolderState of(Path folder, Collection<String> cells) throws IOException {
        Path kept = folder.resolve(StudyFolder.CELLS);
        if (!Files.isDirectory(kept)) {
            return NOT_BEGUN;
        }
        Map<String, CellTime> finished = new LinkedHashMap<>();
        List<String> damaged = new ArrayList<>();
        for (String cell : cells) {
            Path file = kept.resolve(cell + StudyFolder.ENDING);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    finished.put(cell, time(StudyFolder.read(file, Map.class).result()));
                } catch (RecordFormatException e) {
                    damaged.add(String.valueOf(e.getMessage()));
                } catch (NoSuchFileException setAsideJustNow) {
                    // By the run that owns the folder.
                }
            }
        }
        return new FolderState(finished, damaged, count(kept, SET_ASIDE), FolderLock.owner(folder));
    }

    private static CellTime time(Map<?, ?> result) {
        boolean ofWholeJob = result.containsKey(JOB_SECONDS);
        Object seconds = result.get(ofWholeJob ? JOB_SECONDS : OWN_SECONDS);
        return new CellTime(
                seconds instanceof Number number ? OptionalDouble.of(number.doubleValue()) : OptionalDouble.empty(),
                ofWholeJob);
    }

    private static int count(Path folder, String pattern) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : files) {
                count += Files.isRegularFile(file) ? 1 : 0;
            }
        }
        return count;
    }
}
