package resonance.evaluation.task;

/** Thrown where a suite's file is missing or damaged. The message names the file, and the line where there is one. */
public final class TaskDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TaskDataException(String message) {
        super(message);
    }

    public TaskDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
