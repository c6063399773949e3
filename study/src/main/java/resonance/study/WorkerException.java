package resonance.study;

/** A process that works on another one's study can't do its share, for a reason that its message tells people. */
public final class WorkerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message a line for people, with what must be, what was, and what to do */
    public WorkerException(String message) {
        super(message);
    }
}
