package resonance.language;

/** Told of a generation's progress, on the thread that runs it. */
public interface GenerationListener {
    /** So much of the prompt is read, 0 to 1. */
    void promptRead(double fraction);

    /** The text goes on with these characters, whole ones only. */
    void textContinued(String characters);
}
