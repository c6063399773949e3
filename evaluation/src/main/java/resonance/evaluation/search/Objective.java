package resonance.evaluation.search;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a search makes small. */
public enum Objective {
    /** Mean loss of the own tokens of numbers hidden in prompts of the target length, as LongRoPE2 (arXiv:2502.20082) has it. */
    NEEDLES,
    /** Mean loss of all tokens of text in windows of the target length, as LongRoPE (arXiv:2402.13753) has it. */
    PERPLEXITY;

    /** {@code needles}, {@code perplexity}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
