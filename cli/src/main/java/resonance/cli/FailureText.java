package resonance.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.task.TaskDataException;
import resonance.language.BrokenModelException;
import resonance.model.ModelFormatException;
import resonance.natives.NativeLibraryException;
import resonance.study.FolderInUseException;
import resonance.study.RecordFormatException;
import resonance.study.WorkerException;
import resonance.transformer.training.TrainingDivergedException;

/**
 * What went wrong in a line for whoever typed the command. Only what nobody foresaw is told in the words of the program, and
 * asks for {@code --verbose}.
 */
final class FailureText {
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "File too large", "not enough space on the disk");

    private FailureText() {}

    /** One line, without its end. */
    static String of(Throwable failure) {
        if (failure instanceof TrainingDivergedException
                || failure instanceof BrokenModelException
                || failure instanceof WorkerException) {
            return "failed: " + failure.getMessage();
        }
        if (failure instanceof ModelFormatException
                || failure instanceof TaskDataException
                || failure instanceof FolderInUseException
                || failure instanceof RecordFormatException
                || failure instanceof NativeLibraryException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof OutputFailure output) {
            return "failed: standard output must take the results, was closed or full (" + output.getMessage()
                    + "); free some space or send it elsewhere";
        }
        Optional<String> memory = memory(failure);
        if (memory.isPresent()) {
            return "failed: memory must hold what is computed, was too small (" + memory.get()
                    + "); take shorter lengths or smaller sizes, or give Java more by RESONANCE_JAVA_OPTS=-Xmx8g";
        }
        Throwable origin = origin(failure);
        if (origin instanceof FileSystemException file && file.getFile() != null) {
            return "failed: " + file(file);
        }
        if (origin instanceof IOException && isFull(origin.getMessage())) {
            return "failed: the disk must have room for what is written, is full; free some space or choose another output";
        }
        if (origin instanceof IOException && origin.getMessage() != null) {
            return "failed: a file can't be read or written (" + origin.getMessage() + ")";
        }
        return "failed: " + origin;
    }

    /** Whether the line leaves out what only a stack trace tells. */
    static boolean unforeseen(Throwable failure) {
        return of(failure).equals("failed: " + origin(failure));
    }

    private static Throwable origin(Throwable failure) {
        Throwable origin = failure;
        while ((origin instanceof UncheckedIOException || origin instanceof ExecutionException)
                && origin.getCause() != null) {
            origin = origin.getCause();
        }
        return origin;
    }

    /** What ran out, if it was memory: Java's heap, or what the tensor library asks the system for. */
    private static Optional<String> memory(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof OutOfMemoryError) {
                return Optional.of(cause.getMessage() == null ? "Java's heap" : firstLine(message));
            }
            if (message.contains("can't allocate memory") || message.contains("CUDA out of memory")) {
                return Optional.of("the system's");
            }
        }
        return Optional.empty();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Whether the system's words are about room: of a disk, for a user or for a file. */
    private static boolean isFull(@Nullable String reason) {
        return reason != null && FULL.stream().anyMatch(reason::contains);
    }

    private static String file(FileSystemException failure) {
        String path = failure.getFile();
        if (failure instanceof AccessDeniedException) {
            return path
                    + " must be open to this user, was refused by the system; change its permissions or take another path";
        }
        if (failure instanceof NoSuchFileException) {
            return path + " must exist, was missing; correct the path";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return path + " must be absent, was there; remove it or take another path";
        }
        if (failure instanceof NotDirectoryException) {
            return path + " must be a folder, was something else; correct the path";
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return path + " must be empty, was not; take another path";
        }
        if (failure instanceof FileSystemLoopException) {
            return path + " must be reached without a loop of links, was not; correct the path";
        }
        if (isFull(failure.getReason())) {
            return path + " must have room on its disk, which is full; free some space or choose another output";
        }
        return path + " can't be read or written (" + failure.getReason() + "); correct the path or take another";
    }
}
