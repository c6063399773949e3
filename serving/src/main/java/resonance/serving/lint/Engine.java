package resonance.serving.lint;

import java.util.Arrays;
import java.util.List;

/** A program that reads a model's files, or makes them into another's; the version is the one that was looked at. */
public enum Engine {
    /** Hugging Face transformers 4. */
    TRANSFORMERS_4("transformers-4.57", "transformers 4.57.6"),
    /** Hugging Face transformers 5. */
    TRANSFORMERS_5("transformers-5.18", "transformers 5.18.0"),
    /** vLLM, with transformers 5 under it. */
    VLLM("vllm-0.33", "vLLM 0.33.0"),
    /** llama.cpp's converter from a Hugging Face folder with transformers 4 under it, and llama.cpp with what it writes. */
    CONVERTER("convert_hf_to_gguf-0.5", "convert_hf_to_gguf of llama.cpp 0.5.0"),
    /** llama.cpp and what is built on it. */
    LLAMA_CPP("llama.cpp-0.5", "llama.cpp 0.5.0"),
    /** Jlama, a Java engine for Hugging Face folders. */
    JLAMA("jlama-0.9", "Jlama 0.9.0-beta (commit 7b8ba42)"),
    /** GPULlama3.java, a Java engine for GGUF files on GPUs. */
    GPULLAMA3("gpullama3-1.0", "GPULlama3.java 1.0.0 (commit 5ae026d)");

    /** Who is asked if nobody is named: Java engines read so little that nearly every scaled model would be an error. */
    public static final List<Engine> USUAL = List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM, CONVERTER, LLAMA_CPP);

    /** Who computes from a Hugging Face configuration. */
    static final List<Engine> CONFIG_READERS = List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM);

    static final List<Engine> TRANSFORMERS = List.of(TRANSFORMERS_4, TRANSFORMERS_5);

    /** Who reads settings by layer type. */
    static final List<Engine> LAYER_TYPE_READERS = List.of(TRANSFORMERS_5, VLLM);

    private final String label;
    private final String version;

    Engine(String label, String version) {
        this.label = label;
        this.version = version;
    }

    /** The name on the command line and in JSON. */
    public String label() {
        return label;
    }

    /** Name and exact version, for people. */
    public String version() {
        return version;
    }

    /**
     * The engines of a name, which may lack the end of its version or all of it: "vllm-0.33", "vllm", "transformers-5",
     * "transformers". Empty if there is none.
     */
    public static List<Engine> named(String name) {
        return Arrays.stream(values())
                .filter(engine -> engine.label.equals(name)
                        || engine.label.startsWith(name + "-")
                        || engine.label.startsWith(name + "."))
                .toList();
    }

    /** Whether it reads models of this format. */
    public boolean reads(ModelFormat format) {
        return switch (this) {
            case TRANSFORMERS_4, TRANSFORMERS_5, CONVERTER, JLAMA -> format == ModelFormat.HUGGING_FACE;
            case VLLM -> true;
            case LLAMA_CPP, GPULLAMA3 -> format == ModelFormat.GGUF;
        };
    }
}
