package resonance.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Where a long text can be cut so that the tokens of the parts are the tokens of the whole. The library keeps about
 * 150 bytes for each character of a text it is given at once.
 *
 * <p>A byte-level tokenizer merges pairs within words only. If each of its expressions is one that never matches over
 * the end of a line between two ASCII letters nor looks past it ({@link SplitPatterns#staysWithinLines}), nothing is
 * put before a text, normalising does nothing to ASCII letters and line ends, and no added token holds a line end or
 * swallows white space, then no word lies on both sides of such a place. Other tokenizers' texts stay whole.
 */
final class LineCuts {
    private LineCuts() {}

    /** Whether texts may be cut there. */
    static boolean allowed(TokenizerPlan plan) {
        String normalizer = plan.normalizer().path("type").asText("");
        if (!normalizer.isEmpty() && !normalizer.equals("NFC")) {
            return false;
        }
        for (AddedToken token : plan.added()) {
            if (token.content().indexOf('\n') >= 0 || token.stripsLeft() || token.stripsRight() || token.singleWord()) {
                return false;
            }
        }
        JsonNode words = plan.preTokenizer();
        Iterable<JsonNode> steps =
                words.path("type").asText("").equals("Sequence") ? words.path("pretokenizers") : List.of(words);
        boolean wordsEnd = false;
        for (JsonNode step : steps) {
            switch (step.path("type").asText("")) {
                case "ByteLevel" -> {
                    if (step.path("add_prefix_space").asBoolean(true)) {
                        return false;
                    }
                    wordsEnd |= step.path("use_regex").asBoolean(true);
                }
                case "Digits" -> {}
                case "Split" -> {
                    String pattern = step.path("pattern").path("Regex").asText("");
                    if (!SplitPatterns.staysWithinLines(pattern)
                            || !step.path("behavior").asText("").equals("Isolated")
                            || step.path("invert").asBoolean(true)) {
                        return false;
                    }
                    wordsEnd |= SplitPatterns.endsWordsAtLines(pattern);
                }
                default -> {
                    return false;
                }
            }
        }
        return wordsEnd;
    }

    /**
     * The end of the part that begins at an index: after a line between two letters, or the end of the text.
     *
     * @param least characters that a part has, unless it is the last
     */
    static int next(String text, int from, int least) {
        for (int i = from + least; i < text.length() - 1; i++) {
            if (text.charAt(i) == '\n' && isLetter(text.charAt(i - 1)) && isLetter(text.charAt(i + 1))) {
                return i + 1;
            }
        }
        return text.length();
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
