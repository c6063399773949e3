package resonance.study;

/** A folder can't take a study: something else is in it, or it is where none can be. A command calls the folder by the option that names it. */
public final class UnfitFolderException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final String FOLDER = "{folder}";

    private final String template;

    /** @param template the message, with {@value #FOLDER} for what the folder is called */
    UnfitFolderException(String template) {
        super(template.replace(FOLDER, "output folder"));
        this.template = template;
    }

    /** The message where the folder is called so, for example {@code --out}. */
    public String message(String folder) {
        return template.replace(FOLDER, folder);
    }
}
