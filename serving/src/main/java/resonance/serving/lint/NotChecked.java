package resonance.serving.lint;

/**
 * An engine for which nothing can be said of a model: it does not know the model, or what it makes of it was not looked at.
 *
 * @param engine which
 * @param reason why not
 */
public record NotChecked(Engine engine, String reason) {
    public NotChecked {
        reason = Finding.printable(reason);
    }
}
