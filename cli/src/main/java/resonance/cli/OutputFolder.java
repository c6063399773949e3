package resonance.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import resonance.rope.Refusal;
import resonance.study.StudyPlace;

/** The folder that results go to, looked at before anything is loaded or computed. */
final class OutputFolder {
    private OutputFolder() {}

    /**
     * The folder itself.
     *
     * @throws Refusal if it is no folder and can't become one, or this user can't write there
     */
    static Path usable(Path folder) {
        if (!StudyPlace.isHere(folder)) {
            requireReached(folder);
        }
        @Nullable Path there = folder.toAbsolutePath().normalize();
        while (there != null && Files.notExists(there)) {
            there = there.getParent();
        }
        if (there == null || !Files.isDirectory(there)) {
            throw refusal(folder, there + " is no folder");
        }
        if (!Files.isWritable(there)
                && !Files.exists(folder)) { // one that is there may hold a finished study, to be shown
            throw refusal(folder, there + " is closed to this user");
        }
        return folder;
    }

    /** Elsewhere a file system that can't be asked would look like one in which nothing is. */
    private static void requireReached(Path folder) {
        try {
            Files.readAttributes(folder, BasicFileAttributes.class);
        } catch (NoSuchFileException notYet) {
            // It will be made.
        } catch (IOException failure) {
            String reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
            throw refusal(folder, "the store did not answer: " + reason);
        }
    }

    private static Refusal refusal(Path folder, String why) {
        return Refusal.of("out", "must be a folder that can be written", "was " + folder + ", where " + why)
                .cure("take another folder");
    }
}
