package resonance.language;

import java.nio.file.Path;
import java.util.OptionalInt;
import resonance.evaluation.search.Objective;
import resonance.evaluation.search.Space;
import resonance.rope.Refusal;
import resonance.rope.Rounding;

/**
 * What factors are searched for, and by what.
 *
 * @param extension to what length, on what texts and within what time
 * @param prose English in UTF-8, for the haystack of RULER's needles
 * @param space what factors are looked among
 * @param objective what is made small
 * @param rounding of wavelengths, over every proposal
 * @param tokens that an evaluation reads, from 1 to {@value #MOST_WINDOWS} times the length: as many prompts or windows as fit, and one at
 *     least; empty for {@link #USUAL_TOKENS}, but at least two and at most eight prompts
 * @param evaluations most proposals, from 0 to {@value #MOST_EVALUATIONS}
 * @param seed of the optimiser and, with the number after it, of the hidden numbers; from 0 to 2^30
 */
public record SearchSettings(
        ExtensionSettings extension,
        Path prose,
        Space space,
        Objective objective,
        Rounding rounding,
        OptionalInt tokens,
        int evaluations,
        int seed) {
    /** Tokens that an evaluation reads where nothing is said. */
    public static final int USUAL_TOKENS = 65_536;

    /** More prompts than this would be made for nothing: a search is over before it has read them twice. */
    private static final int MOST_WINDOWS = 256;

    private static final int MOST_EVALUATIONS = 100_000;

    private static final int LARGEST_SEED = 1 << 30;

    public SearchSettings {
        if (tokens.orElse(1) < 1) {
            throw Refusal.was("tokens", "must be at least 1", tokens.getAsInt());
        }
        long most = (long) MOST_WINDOWS * extension.length();
        if (tokens.orElse(1) > most) {
            throw Refusal.was(
                    "tokens", "must be at most " + MOST_WINDOWS + " times the length, " + most, tokens.getAsInt());
        }
        if (evaluations < 0 || evaluations > MOST_EVALUATIONS) {
            throw Refusal.was("evaluations", "must be from 0 to " + MOST_EVALUATIONS, evaluations);
        }
        if (seed < 0 || seed > LARGEST_SEED) {
            throw Refusal.was("seed", "must be from 0 to " + LARGEST_SEED, seed);
        }
    }

    /** Prompts with a hidden number that an evaluation reads. */
    int needles() {
        int length = extension.length();
        return tokens.isPresent()
                ? Math.max(1, tokens.getAsInt() / length)
                : Math.max(2, Math.min(8, USUAL_TOKENS / length));
    }

    /** Pieces of text that an evaluation reads, at least 1. */
    int pieces(int tokensInAPiece) {
        return Math.max(1, tokens.orElse(USUAL_TOKENS) / tokensInAPiece);
    }
}
