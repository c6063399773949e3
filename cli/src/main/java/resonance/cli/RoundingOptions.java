package resonance.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.rope.Refusal;
import resonance.rope.Rounding;

/** Options for what is done to wavelengths after the scaling. */
final class RoundingOptions {
    @Option(names = "--resonance", description = "round the wavelengths after the scaling")
    private boolean resonance;

    @Option(
            names = "--periods",
            paramLabel = "BOUND",
            description = "with --resonance: periods of several turns, at most p64: 64 tokens, or x16: 16 wavelengths;"
                    + " searched: within the trained length, with weak aliases (default: whole, one turn)")
    private @Nullable String periods;

    /** A rounding as the options that say it. */
    static List<String> words(Rounding rounding) {
        if (rounding.isNone()) {
            return List.of();
        }
        return rounding.equals(Rounding.WHOLE)
                ? List.of("--resonance")
                : List.of("--resonance", "--periods " + rounding);
    }

    /**
     * What is asked for.
     *
     * @throws Refusal if there is a bound without Resonance, or it is none
     */
    Rounding rounding() {
        if (periods != null && !resonance) {
            throw Refusal.was("periods", "must go with {resonance}", "'" + periods + "'")
                    .cure("give both");
        }
        return periods != null ? Rounding.valueOf(periods) : resonance ? Rounding.WHOLE : Rounding.NONE;
    }
}
