package resonance.model.gguf;

import java.util.Arrays;
import java.util.List;
import resonance.decoder.FeedForwardKind;
import resonance.model.Architecture;
import resonance.rope.PairLayout;
import resonance.rope.gguf.EngineArchitecture;
import resonance.rope.gguf.GgufKeys;

/** What a file's {@code general.architecture} says of a model's build, and of how its tensors are laid out. */
enum GgufArchitecture {
    /** LLaMA, Mistral, SmolLM2, TinyLlama: rows of queries and keys are already interleaved by the converter. */
    LLAMA,
    QWEN2,
    QWEN3,
    GEMMA3;

    static GgufArchitecture of(GgufMetadata metadata) {
        String label = metadata.requireString(GgufKeys.ARCHITECTURE);
        List<String> known =
                Arrays.stream(values()).map(kind -> kind.architecture().label()).toList();
        if (!known.contains(label)) {
            throw metadata.refusal(
                    GgufKeys.ARCHITECTURE, "must be one of " + String.join(", ", known), GgufCursor.shown(label));
        }
        return values()[known.indexOf(label)];
    }

    Architecture architecture() {
        return Architecture.valueOf(name());
    }

    /** Before the name of every key of its own. */
    String prefix() {
        return architecture().label() + ".";
    }

    /** What the name means for positions. */
    EngineArchitecture positions() {
        return EngineArchitecture.valueOf(name());
    }

    /** Whether pair i of a head is its features i and i + headSize/2, and not 2i and 2i + 1. */
    boolean halves() {
        return positions().layout() == PairLayout.HALF_SPLIT;
    }

    boolean queryKeyNorm() {
        return this == QWEN3 || this == GEMMA3;
    }

    boolean postNorms() {
        return this == GEMMA3;
    }

    /** Whether some layers have a sliding window; the others' {@code attention.sliding_window} is not read. */
    boolean hasWindows() {
        return positions().hasWindows();
    }

    boolean scalesEmbedding() {
        return this == GEMMA3;
    }

    FeedForwardKind feedForward() {
        return this == GEMMA3 ? FeedForwardKind.GEGLU : FeedForwardKind.SWIGLU;
    }
}
