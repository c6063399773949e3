package resonance.serving.lint;

import java.util.Locale;

/** What a finding means for whoever serves the model. */
public enum Severity {
    /** The engine refuses the model, fails on it, or computes another encoding than the file says. */
    ERROR,
    /** It computes something else in some circumstances, or ignores or caps what was meant. */
    WARNING,
    /** True of the file and worth knowing; nothing to mend. */
    NOTE;

    /** The name for people and in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
