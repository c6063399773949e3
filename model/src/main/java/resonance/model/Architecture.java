package resonance.model;

/** The model families that can be read, by the names that configs and GGUF files give them. */
public enum Architecture {
    LLAMA("llama"),
    MISTRAL("mistral"),
    QWEN2("qwen2"),
    QWEN3("qwen3"),
    GEMMA3("gemma3");

    private final String label;

    Architecture(String label) {
        this.label = label;
    }

    /** The name shown in errors and records. */
    public String label() {
        return label;
    }
}
