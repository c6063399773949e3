package resonance.serving.lint;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What llama.cpp reads of positions for one architecture of a GGUF, by its own sources.
 *
 * @param name of the architecture
 * @param reads which keys and tensors
 */
record LlamaCppArchitecture(String name, Set<String> reads) {
    private static final EngineTable TABLE = EngineTable.of(Engine.LLAMA_CPP);

    /** The architecture of a name; empty if llama.cpp does not know it. */
    static Optional<LlamaCppArchitecture> of(String name) {
        return TABLE.find(name).map(words -> new LlamaCppArchitecture(name, Set.copyOf(words)));
    }

    boolean rotates() {
        return reads.stream().anyMatch(List.of("rope", "freqs", "factors")::contains);
    }

    /** Whether it loads {@code rope_freqs.weight}. */
    boolean loadsDivisors() {
        return reads.contains("freqs");
    }

    /** Whether it loads {@code rope_factors_long.weight} and {@code rope_factors_short.weight}. */
    boolean loadsTwoLists() {
        return reads.contains("factors");
    }

    boolean hasWindow() {
        return reads.contains("window");
    }

    /** Whether it reads a key of {@code rope.scaling}, such as yarn_beta_fast. */
    boolean readsKey(String key) {
        return switch (key) {
            case "yarn_beta_fast" -> reads.contains("fast");
            case "yarn_beta_slow" -> reads.contains("slow");
            case "yarn_ext_factor" -> reads.contains("ext");
            case "yarn_attn_factor" -> reads.contains("attn");
            case "yarn_log_multiplier" -> reads.contains("log");
            default -> false;
        };
    }
}
