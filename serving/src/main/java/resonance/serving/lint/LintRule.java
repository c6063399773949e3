package resonance.serving.lint;

import static resonance.serving.lint.Engine.CONFIG_READERS;
import static resonance.serving.lint.Engine.CONVERTER;
import static resonance.serving.lint.Engine.GPULLAMA3;
import static resonance.serving.lint.Engine.JLAMA;
import static resonance.serving.lint.Engine.LAYER_TYPE_READERS;
import static resonance.serving.lint.Engine.LLAMA_CPP;
import static resonance.serving.lint.Engine.TRANSFORMERS;
import static resonance.serving.lint.Engine.TRANSFORMERS_4;
import static resonance.serving.lint.Engine.TRANSFORMERS_5;
import static resonance.serving.lint.Engine.VLLM;
import static resonance.serving.lint.Severity.ERROR;
import static resonance.serving.lint.Severity.NOTE;
import static resonance.serving.lint.Severity.WARNING;

import java.util.List;
import java.util.Locale;

/** A trap that is looked for; {@code docs/lint.md} has what each misreads, its remedy and its source. */
public enum LintRule {
    // Where the keys of a Hugging Face configuration stand.
    WRONG_TYPE(ERROR, CONFIG_READERS, ""),
    OUT_OF_RANGE(ERROR, List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM, CONVERTER), "correct it"),
    MISSING_KEY(ERROR, CONFIG_READERS, "add it"),
    UNREAD_KEY(WARNING, CONFIG_READERS, "correct its name, or remove it"),
    ROPE_PARAMETERS_UNREAD(ERROR, TRANSFORMERS_4, ""),
    TWO_DICTIONARIES(WARNING, CONFIG_READERS, "keep one of them, or write the same into both"),
    BASE_UNREAD(ERROR, TRANSFORMERS_4, "write rope_theta at the top level"),
    TWO_BASES(WARNING, CONFIG_READERS, "write the same base into both"),
    TYPE_ABSENT(ERROR, CONFIG_READERS, "add rope_type"),
    TYPE_CONFLICT(ERROR, CONFIG_READERS, "remove type"),
    DICTIONARY_REFUSED(ERROR, CONFIG_READERS, ""),
    HEAD_SIZE(ERROR, LAYER_TYPE_READERS, "correct it"),
    FLAT_SCALING_KEYS(
            WARNING,
            List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM, CONVERTER),
            "write them into rope_scaling, with rope_type"),
    OUTER_SCALING_UNREAD(WARNING, CONFIG_READERS, ""),
    UNKNOWN_TYPE(ERROR, CONFIG_READERS, "name a type that it knows; any frequencies can be written as longrope"),
    LAYER_TYPE_UNDECLARED(
            ERROR,
            LAYER_TYPE_READERS,
            "add layer_types with a type for every layer, or write the settings without layer types"),
    UNREADABLE_POSITIONS(ERROR, TRANSFORMERS, "correct it"),
    // What the scalings of a Hugging Face configuration come to.
    TRAINED_LENGTH_UNREAD(ERROR, TRANSFORMERS_4, "write the magnitude as attention_factor"),
    TRAINED_LENGTH_ABSENT(
            WARNING,
            CONFIG_READERS,
            "write the trained length as original_max_position_embeddings into the dictionary"),
    TWO_TRAINED_LENGTHS(WARNING, CONFIG_READERS, "keep the one in the dictionary"),
    FACTOR_MISMATCH(WARNING, CONFIG_READERS, "set max_position_embeddings to factor times the trained length"),
    FACTOR_BELOW_ONE(WARNING, Engine.USUAL, ""),
    TRAINED_LENGTH_NOT_BELOW_MAXIMUM(
            WARNING, CONFIG_READERS, "write the length of the texts before the scaling, or the longer maximum"),
    GEMMA3_WITHOUT_FACTOR(
            WARNING,
            List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM, LLAMA_CPP),
            "write a linear scaling of factor 8.0 for the global layers"),
    LLAMA3_WITHOUT_SCALING(
            WARNING,
            List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM, LLAMA_CPP),
            "take the scaling from the model that this one was made of"),
    FACTOR_OVERRIDDEN(ERROR, TRANSFORMERS_4, "write the magnitude as attention_factor"),
    BETA_ZERO(WARNING, TRANSFORMERS, "write the default, or the small number that is meant"),
    BETAS_SWAPPED(ERROR, List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM, LLAMA_CPP), "write the larger one as beta_fast"),
    BETAS_EQUAL(NOTE, CONFIG_READERS, "nothing to mend if it is meant so"),
    LLAMA3_BOUNDS_EQUAL(NOTE, CONFIG_READERS, "nothing to mend if it is meant so"),
    ATTENTION_FACTOR_INVERSE(
            WARNING, CONFIG_READERS, "write attention_factor = 1.0 if cosines and sines shall keep their size"),
    BETA_UNUSABLE(ERROR, VLLM, ""),
    LONE_MSCALE(WARNING, CONFIG_READERS, "write the magnitude as attention_factor"),
    MAGNITUDE_DROPPED(ERROR, VLLM, ""),
    BAD_DIVISORS(
            ERROR,
            CONFIG_READERS,
            "write base frequency over wanted frequency for every pair; 1e30 for one that shall not rotate"),
    RESONANT_DIVISORS(NOTE, List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM, LLAMA_CPP), "nothing to mend"),
    WITHOUT_HEAD_DIM(ERROR, TRANSFORMERS, "write head_dim = hidden_size / num_attention_heads"),
    LONGROPE_ALWAYS_SHORT(ERROR, CONFIG_READERS, ""),
    LONGROPE_SWITCH(WARNING, TRANSFORMERS, "write one list into both"),
    LONGROPE_CHOSEN_AT_START(
            NOTE, VLLM, "choose --max-model-len for the texts to be served, or write one list into both"),
    NESTED_LONGROPE(
            ERROR, TRANSFORMERS_5, "write max_position_embeddings there, factor 1 and an explicit attention_factor"),
    NESTED_TRUNCATE(ERROR, TRANSFORMERS_5, "write the frequencies as longrope"),
    DYNAMIC_LENGTH_UNREAD(
            WARNING, CONFIG_READERS, "remove it, and write the trained length as max_position_embeddings"),
    DYNAMIC_STALE_KEYS(WARNING, TRANSFORMERS, "choose a static scaling such as yarn for generation with a cache"),
    DYNAMIC_UNSCALED(ERROR, VLLM, "choose a static scaling such as yarn"),
    INTEGER_FACTOR(ERROR, VLLM, ""),
    TABLE_TOO_SHORT(ERROR, VLLM, ""),
    DUAL_CHUNK(ERROR, VLLM, "remove it, and write a scaling such as yarn for longer texts"),
    PARTIAL_ROTARY(
            ERROR,
            TRANSFORMERS,
            "remove it; pairs that shall not rotate can be written as longrope with a divisor of 1e30"),
    LENGTH_FROM_TOP_LEVEL(WARNING, VLLM, "keep it in the dictionary alone, or serve with --max-model-len"),
    LENGTH_MULTIPLIED(WARNING, VLLM, "serve with --max-model-len"),
    // What is lost on the way from a Hugging Face folder to a GGUF file.
    CONVERSION_FAILS(ERROR, CONVERTER, ""),
    CONVERSION_TWO_DICTIONARIES(WARNING, CONVERTER, "keep one of them, or write the same into both"),
    CONVERSION_DROPS_SCALING(WARNING, CONVERTER, ""),
    CONVERSION_YARN_UNREAD(WARNING, CONVERTER, "write the encoding into the GGUF with 'resonance export'"),
    CONVERSION_LLAMA3_LENGTH(WARNING, CONVERTER, "write it into the dictionary before converting"),
    CONVERSION_DROPS_WINDOW(WARNING, CONVERTER, "keep texts within the window, or serve with transformers or vLLM"),
    CONVERSION_CAPS_CONTEXT(WARNING, CONVERTER, "set it to factor times the trained length before converting"),
    // GGUF files.
    GGUF_WRONG_TYPE(ERROR, LLAMA_CPP, ""),
    GGUF_OUT_OF_RANGE(ERROR, LLAMA_CPP, "correct it"),
    GGUF_MISSING_KEY(ERROR, LLAMA_CPP, ""),
    GGUF_UNREAD_KEY(WARNING, LLAMA_CPP, "remove it; 'resonance export' writes any encoding in a way that is read"),
    GGUF_UNKNOWN_TYPE(ERROR, LLAMA_CPP, "write any other encoding with 'resonance export'"),
    FACTOR_WITH_TYPE_NONE(WARNING, LLAMA_CPP, "remove it, or name the type that is meant"),
    FACTOR_WITHOUT_TYPE(WARNING, LLAMA_CPP, ""),
    YARN_WITHOUT_FACTOR(WARNING, LLAMA_CPP, "add it as f32, or write type none"),
    YARN_WITHOUT_LENGTH(WARNING, LLAMA_CPP, "add it as u32"),
    CONTEXT_CAPPED(WARNING, LLAMA_CPP, "raise it to the longest text to be served"),
    DIMENSION_COUNT(
            ERROR, LLAMA_CPP, "correct it; pairs that shall not rotate get a divisor of 1e30 in rope_freqs.weight"),
    WINDOW_UNREAD(WARNING, LLAMA_CPP, "keep texts within the window, or serve with transformers or vLLM"),
    MAGNITUDE_ON_LOCAL_LAYERS(
            WARNING, LLAMA_CPP, "leave it out; stock llama.cpp has no key for the global layers alone"),
    MAGNITUDE_AND_CONTEXT_SHIFT(NOTE, LLAMA_CPP, "serve without --context-shift, the default of newer versions"),
    UNEXPECTED_DIVISORS(ERROR, LLAMA_CPP, ""),
    MALFORMED_DIVISORS(ERROR, LLAMA_CPP, ""),
    LONGROPE_WITHOUT_DIVISORS(ERROR, LLAMA_CPP, ""),
    LONGROPE_BY_CONTEXT(WARNING, LLAMA_CPP, "write one list as rope_freqs.weight and type none"),
    STACKED_DIVISORS(WARNING, LLAMA_CPP, "let the tensor hold the whole divisor, and write type none"),
    TENSOR_OFFSETS(ERROR, LLAMA_CPP, "write the file anew, tensors in the order of their list"),
    SPLIT_FILE(NOTE, LLAMA_CPP, "merge the parts with llama-gguf-split to have all of them checked"),
    FLOAT_ANGLES(NOTE, LLAMA_CPP, "nothing to mend; whole wavelengths repeat only that closely"),
    // Java engines.
    JAVA_SCALING_UNREAD(
            ERROR,
            List.of(JLAMA, GPULLAMA3),
            "serve with llama.cpp, transformers or vLLM, or give the engine tables made with resonance.rope"),
    JAVA_LIST_REFUSED(
            ERROR, JLAMA, "serve with transformers or vLLM, or give the engine tables made with resonance.rope"),
    JAVA_BASE_UNREAD(ERROR, List.of(JLAMA, GPULLAMA3), "");

    private final Severity severity;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Engine> engines;

    private final String remedy;

    LintRule(Severity severity, Engine engine, String remedy) {
        this(severity, List.of(engine), remedy);
    }

    LintRule(Severity severity, List<Engine> engines, String remedy) {
        this.severity = severity;
        this.engines = engines;
        this.remedy = remedy;
    }

    /** The name in JSON and in the documentation, such as {@code two-bases}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    /** What to do; empty where that depends on the case. */
    String remedy() {
        return remedy;
    }

    /** Whom it is looked for. */
    public List<Engine> engines() {
        return engines;
    }
}
