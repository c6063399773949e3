package resonance.natives;

/** A native library that can't be had. The message is one line that says why and what to do about it. */
public final class NativeLibraryException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With the failure behind it, whose words are part of the message where they say anything. */
    public NativeLibraryException(String message, Throwable cause) {
        super(message, cause);
    }

    NativeLibraryException(String message) {
        super(message);
    }
}
