package resonance.serving.export;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import resonance.study.FolderInUseException;
import resonance.study.FolderLock;
import resonance.study.UnfitFolderException;
import resonance.study.WrittenFiles;

/**
 * Where an export goes: checked before anything is written, and held against other processes until it is closed. Only an
 * earlier export is replaced, and only if nobody changed it.
 */
final class OutputPlace implements AutoCloseable {
    private static final String WRITER = "export";

    /** Others hold the folder around a file for as long as it takes to record one. */
    private static final int TRIES_TO_RECORD = 50;

    private static final int MILLISECONDS_BETWEEN_TRIES = 100;

    private final Path path;
    private final Path folder;
    private final String softwareVersion;
    private final FolderLock lock;
    private @Nullable FolderLock earlierLock;

    private OutputPlace(Path path, Path folder, String softwareVersion, FolderLock lock) {
        this.path = path;
        this.folder = folder;
        this.softwareVersion = softwareVersion;
        this.lock = lock;
    }

    /** Writes a file. */
    interface Writing {
        void to(Path file) throws IOException;
    }

    /**
     * Checks that a file may be written, and takes its place.
     *
     * @param model what is read; must not be the output, lie in it or have it inside
     * @param replace whether an earlier export may be replaced
     * @param bytes room that is needed
     * @throws FolderInUseException if somebody else writes there
     */
    static OutputPlace file(Path out, Path model, boolean replace, String softwareVersion, long bytes)
            throws IOException {
        OutputPlace place = take(out, model, softwareVersion);
        boolean ready = false;
        try {
            place.takeFolder().close(); // refuses a folder in which somebody is at work for long
            WrittenFiles files = place.filesAround();
            files.removeLeftovers(List.of(place.name()));
            if (place.mayBeReplaced(out, replace)) {
                if (Files.isDirectory(place.path)) {
                    throw place.noExport(out, "it is a folder");
                }
                try {
                    files.requireOurs(List.of(place.name()));
                } catch (UnfitFolderException notOurs) {
                    throw place.noExport(out, place.name() + " was not written by export, or was changed since");
                }
            }
            place.requireRoom(bytes);
            ready = true;
            return place;
        } finally {
            if (!ready) {
                place.close();
            }
        }
    }

    /** The same for a folder. */
    static OutputPlace folder(Path out, Path model, boolean replace, String softwareVersion, long bytes)
            throws IOException {
        OutputPlace place = take(out, model, softwareVersion);
        boolean ready = false;
        try {
            NewFolder.recover(place.path, place.files());
            if (place.mayBeReplaced(out, replace)) {
                if (!Files.isDirectory(place.path, LinkOption.NOFOLLOW_LINKS)) {
                    throw place.noExport(out, "it is no folder");
                }
                place.earlierLock = FolderLock.take(place.path);
                Optional<String> foreign = place.files().foreign();
                if (foreign.isPresent()) {
                    throw place.noExport(out, foreign.get());
                }
            }
            place.requireRoom(bytes);
            ready = true;
            return place;
        } finally {
            if (!ready) {
                place.close();
            }
        }
    }

    private static OutputPlace take(Path out, Path model, String softwareVersion) throws IOException {
        Path place = out.toAbsolutePath().normalize();
        @Nullable Path folder = place.getParent();
        if (folder == null || out.toString().isEmpty()) {
            throw new IllegalArgumentException("OUT must be a place in a folder, was '" + out + "'");
        }
        if (Files.isSymbolicLink(place)) {
            throw new IllegalArgumentException("OUT must be a place of its own, was " + out + ", which is a link to "
                    + Files.readSymbolicLink(place) + "; name another place");
        }
        requireApart(out, place, model);
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw new IllegalArgumentException("OUT must be in a folder that can be made, was " + out + ", but "
                    + folder + " can't" + (e.getReason() == null ? "" : ": " + e.getReason()) + "; name another place");
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("OUT must be in a folder that can be written to, was " + out + ", but "
                    + folder + " is read-only; name another place");
        }
        return new OutputPlace(place, folder, softwareVersion, FolderLock.takePlace(place));
    }

    /** Compares files and not names, which may differ by case, links or mounts and mean the same. */
    private static void requireApart(Path out, Path place, Path model) throws IOException {
        if (Files.exists(place)) {
            requireOutside(out, place, model);
        }
        for (@Nullable Path around = place.getParent(); around != null; around = around.getParent()) {
            if (Files.isDirectory(around) && Files.isSameFile(around, model)) {
                throw new IllegalArgumentException(
                        "OUT must be outside of MODEL, was " + out + "; an export never changes its model");
            }
        }
    }

    /** Refuses an output that would take away what is read. */
    private static void requireOutside(Path out, Path place, Path read) throws IOException {
        for (@Nullable Path around = read.toRealPath(); around != null; around = around.getParent()) {
            if (Files.isSameFile(around, place)) {
                throw new IllegalArgumentException(
                        "OUT must be another place than MODEL, was " + out + "; an export never changes its model");
            }
        }
    }

    /** Refuses an output that holds what the model's links point to. */
    void requireOutside(Iterable<Path> carried) throws IOException {
        if (Files.exists(path)) {
            for (Path file : carried) {
                requireOutside(path, path, file);
            }
        }
    }

    private boolean mayBeReplaced(Path out, boolean replace) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!replace) {
            throw new IllegalArgumentException(
                    "OUT must not exist yet, was " + out + "; replace it by --force or name another place");
        }
        return true;
    }

    private IllegalArgumentException noExport(Path out, String why) {
        return new IllegalArgumentException("OUT must be an earlier export as it was written to be replaced, was " + out
                + ": " + why + "; name another place, or remove it yourself");
    }

    private void requireRoom(long bytes) throws IOException {
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room < bytes) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "OUT must have room for %,d MB, %s has %,d MB; free some or name another place",
                    (bytes + 999_999) / 1_000_000,
                    folder,
                    room / 1_000_000));
        }
    }

    /** Absolute. */
    Path path() {
        return path;
    }

    private String name() {
        return Objects.requireNonNull(path.getFileName(), "a place must have a name")
                .toString();
    }

    /** The record of an exported folder. */
    WrittenFiles files() {
        return WrittenFiles.in(path, WRITER, softwareVersion);
    }

    /** The record of the folder in which an exported file is. */
    private WrittenFiles filesAround() {
        return WrittenFiles.in(folder, WRITER, softwareVersion);
    }

    /** Writes the file beside its place, records it in its folder and moves it into its place. */
    void write(Writing writing) throws IOException {
        try (WrittenFiles.Change change = filesAround().change()) {
            writing.to(change.stage(name()));
            FolderLock record = takeFolder();
            try (record) {
                change.commit();
            }
        }
    }

    private FolderLock takeFolder() throws IOException {
        for (int left = TRIES_TO_RECORD; ; left--) {
            try {
                return FolderLock.take(folder);
            } catch (FolderInUseException e) {
                if (left == 0) {
                    throw e;
                }
                try {
                    Thread.sleep(MILLISECONDS_BETWEEN_TRIES);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    /** Puts a folder, filled beside, into its place. */
    void put(NewFolder filled) throws IOException {
        if (earlierLock != null) {
            earlierLock.close(); // its file must not be taken for the user's
            earlierLock = null;
        }
        filled.moveTo(path);
    }

    /** Lets others write there. */
    @Override
    public void close() throws IOException {
        try {
            if (earlierLock != null) {
                earlierLock.close();
            }
        } finally {
            lock.close();
        }
    }
}
