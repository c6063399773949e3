package resonance.serving.lint;

import java.util.List;

/** A program that reads a model's files, or makes them into another's. */
public enum Engine {
    /** Hugging Face transformers 4, as of 4.57.6. */
    TRANSFORMERS_4("transformers-4"),
    /** Hugging Face transformers 5, as of 5.18.0. */
    TRANSFORMERS_5("transformers-5"),
    /** vLLM, with transformers 5 under it. */
    VLLM("vllm"),
    /** llama.cpp's converter from a Hugging Face folder, and llama.cpp with what it writes. */
    CONVERTER("convert_hf_to_gguf"),
    /** llama.cpp and what is built on it. */
    LLAMA_CPP("llama.cpp");

    /** Who computes from a Hugging Face configuration. */
    static final List<Engine> CONFIG_READERS = List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM);

    static final List<Engine> TRANSFORMERS = List.of(TRANSFORMERS_4, TRANSFORMERS_5);

    /** Who reads settings by layer type. */
    static final List<Engine> LAYER_TYPE_READERS = List.of(TRANSFORMERS_5, VLLM);

    private final String label;

    Engine(String label) {
        this.label = label;
    }

    /** The name on the command line and in JSON. */
    public String label() {
        return label;
    }

    /** Whether it reads models of this format. */
    public boolean reads(ModelFormat format) {
        return switch (this) {
            case TRANSFORMERS_4, TRANSFORMERS_5, CONVERTER -> format == ModelFormat.HUGGING_FACE;
            case VLLM -> true;
            case LLAMA_CPP -> format == ModelFormat.GGUF;
        };
    }
}
