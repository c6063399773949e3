package resonance.rope.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import resonance.rope.PairLayout;
import resonance.rope.Refusal;

/**
 * What {@code general.architecture} means for positions, as in llama.cpp 0.5.0 (llama_model_rope_type, load_hparams, and the graphs
 * of these architectures).
 */
public enum EngineArchitecture {
    /** Llama, Mistral, SmolLM2, TinyLlama: NORM, whose rows the converter has interleaved; divisors are read. */
    LLAMA(PairLayout.INTERLEAVED, true, false),
    QWEN2(PairLayout.HALF_SPLIT, false, false),
    QWEN3(PairLayout.HALF_SPLIT, false, false),
    /** Layers with a window have a base of their own and are never scaled, but in magnitude. */
    GEMMA3(PairLayout.HALF_SPLIT, false, true);

    private final PairLayout layout;
    private final boolean readsDivisors;
    private final boolean hasWindows;

    EngineArchitecture(PairLayout layout, boolean readsDivisors, boolean hasWindows) {
        this.layout = layout;
        this.readsDivisors = readsDivisors;
        this.hasWindows = hasWindows;
    }

    /**
     * The architecture of a name.
     *
     * @throws Refusal if it is none of these
     */
    public static EngineArchitecture named(String label) {
        List<String> known =
                Arrays.stream(values()).map(EngineArchitecture::label).toList();
        if (!known.contains(label)) {
            throw Refusal.unknown("general.architecture", label, known);
        }
        return values()[known.indexOf(label)];
    }

    /** The name in files, which is also the beginning of its keys. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Which two dimensions of a head form a pair: llama.cpp's NORM is interleaved, its NEOX is in halves. */
    public PairLayout layout() {
        return layout;
    }

    /** Whether tensors with a divisor for every pair are read. */
    public boolean readsDivisors() {
        return readsDivisors;
    }

    /** Whether some layers have a sliding window; in others the file's window is not read. */
    public boolean hasWindows() {
        return hasWindows;
    }
}
