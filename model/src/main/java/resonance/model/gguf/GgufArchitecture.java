package resonance.model.gguf;

import java.util.Arrays;
import java.util.stream.Collectors;
import resonance.decoder.FeedForwardKind;
import resonance.model.Architecture;
import resonance.model.ModelFormatException;

/** What a file's {@code general.architecture} says of a model's build, and of how its tensors are laid out. */
enum GgufArchitecture {
    /** LLaMA, Mistral, SmolLM2, TinyLlama: rows of queries and keys are already interleaved by the converter. */
    LLAMA(Architecture.LLAMA, false, false, false, true),
    QWEN2(Architecture.QWEN2, true, false, false, false),
    QWEN3(Architecture.QWEN3, true, true, false, false),
    GEMMA3(Architecture.GEMMA3, true, true, true, false);

    private final Architecture architecture;
    private final boolean halves;
    private final boolean queryKeyNorm;
    private final boolean gemma;
    private final boolean ropeDivisors;

    GgufArchitecture(
            Architecture architecture, boolean halves, boolean queryKeyNorm, boolean gemma, boolean ropeDivisors) {
        this.architecture = architecture;
        this.halves = halves;
        this.queryKeyNorm = queryKeyNorm;
        this.gemma = gemma;
        this.ropeDivisors = ropeDivisors;
    }

    static GgufArchitecture of(GgufMetadata metadata) {
        String label = metadata.requireString(GgufKeys.ARCHITECTURE);
        return Arrays.stream(values())
                .filter(architecture -> architecture.architecture.label().equals(label))
                .findFirst()
                .orElseThrow(() -> unknown(metadata, label));
    }

    private static ModelFormatException unknown(GgufMetadata metadata, String label) {
        String known = Arrays.stream(values())
                .map(architecture -> architecture.architecture.label())
                .collect(Collectors.joining(", "));
        return metadata.refusal(GgufKeys.ARCHITECTURE, "must be one of " + known, GgufCursor.shown(label));
    }

    Architecture architecture() {
        return architecture;
    }

    /** Before the name of every key of its own. */
    String prefix() {
        return architecture.label() + ".";
    }

    /** Whether pair i of a head is its features i and i + headSize/2, and not 2i and 2i + 1. */
    boolean halves() {
        return halves;
    }

    boolean queryKeyNorm() {
        return queryKeyNorm;
    }

    boolean postNorms() {
        return gemma;
    }

    /** Whether some layers have a sliding window; the others' {@code attention.sliding_window} is not read. */
    boolean hasWindows() {
        return gemma;
    }

    boolean scalesEmbedding() {
        return gemma;
    }

    FeedForwardKind feedForward() {
        return gemma ? FeedForwardKind.GEGLU : FeedForwardKind.SWIGLU;
    }

    /** Whether tensors with divisors of the rotary frequencies are read. */
    boolean ropeDivisors() {
        return ropeDivisors;
    }
}
