package resonance.serving.lint;

/** What kind of files a model is. */
public enum ModelFormat {
    HUGGING_FACE("Hugging Face"),
    GGUF("GGUF");

    private final String label;

    ModelFormat(String label) {
        this.label = label;
    }

    /** The name for people and in JSON. */
    public String label() {
        return label;
    }
}
