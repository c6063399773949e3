package resonance.model.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The regular expressions that cut texts into words before byte pairs are merged, and the names that GGUF files give
 * them ({@code tokenizer.ggml.pre}).
 *
 * <p>Only these are run: the library's matcher backtracks, and for an expression of a stranger's choice it may take
 * hours over an ordinary book, or end the process when it gives up. Each was published with a model; where llama.cpp
 * runs a rewritten form that its own matcher can take, the published one stands here.
 */
final class SplitPatterns {
    static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    static final String LLAMA3 = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + REST;
    static final String QWEN2 = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + REST;
    static final String QWEN35 = CONTRACTIONS
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String CASED = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER;
    private static final String SLASHED_REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    static final String TEKKEN = CASED + "*" + LOWER + "+|" + CASED + "+" + LOWER + "*|\\p{N}" + SLASHED_REST;
    static final String GPT4O = CASED + "*" + LOWER + "+" + CONTRACTIONS + "?|" + CASED + "+" + LOWER + "*"
            + CONTRACTIONS + "?|\\p{N}{1,3}" + SLASHED_REST;
    static final String CL100K = "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+";

    static final String DEEPSEEK3 = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
            + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String CHINESE_AND_KANA = "[一-龥\u3040-ゟ゠-ヿ]+";
    private static final String CHINESE_AND_KOREAN = "[一-龥\u0800-一가-\ud7ff]+";

    /** Letters with cases, as DeepSeek LLM lists them. */
    private static final String CASED_LETTERS =
            "\\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-"
                    + "\u02af\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1"
                    + "\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd"
                    + "\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d"
                    + "\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-"
                    + "\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4"
                    + "\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d"
                    + "\u212f-\u2134\u2139\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4"
                    + "\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e"
                    + "\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a\ud801\udc00-\ud801\udc4f"
                    + "\ud801\udcb0-\ud801\udcd3\ud801\udcd8-\ud801\udcfb\ud803\udc80-\ud803\udcb2\ud803\udcc0-"
                    + "\ud803\udcf2\ud806\udca0-\ud806\udcdf\ud83a\udd00-\ud83a\udd43]+";

    private static final String MARKS = "\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+";

    private static final String GPT2_UNENDED =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
    private static final String PUNCTUATION = "[\\p{P}\\$\\+<=>\\^~\\|]+";
    private static final String DIGIT = "\\p{N}";
    private static final String THREE_DIGITS = "\\p{N}{1,3}";
    private static final String LINE_END = "[\\r\\n]";

    /** Expressions that match the end of a line between two ASCII letters alone. */
    private static final Set<String> AT_LINES =
            Set.of(GPT2, LLAMA3, QWEN2, QWEN35, TEKKEN, GPT4O, CL100K, DEEPSEEK3, LINE_END);

    /** Expressions that match nothing with the end of a line between two ASCII letters in it. */
    private static final Set<String> WITHIN_LINES = Set.of(DIGIT, THREE_DIGITS, CHINESE_AND_KANA);

    private static final Set<String> OTHERS = Set.of(
            "\\d",
            "[0-9]",
            "[0-9][0-9][0-9]",
            "\\s+",
            " {2,}",
            "\\s+$",
            "\\p{N}+",
            "\\s?\\p{L}+",
            "\\s?\\p{P}+",
            CASED_LETTERS,
            MARKS,
            CHINESE_AND_KOREAN,
            GPT2_UNENDED,
            PUNCTUATION);

    private static final Map<String, List<String>> BY_NAME = byName();

    private static Map<String, List<String>> byName() {
        Map<String, List<String>> patterns = new TreeMap<>();
        name(patterns, "default", PUNCTUATION, GPT2_UNENDED, "\\p{N}+", "[0-9][0-9][0-9]");
        name(patterns, "gpt-2 phi-2 mpt olmo exaone4 mellum", GPT2);
        name(patterns, "smollm starcoder refact command-r codeshell exaone minerva-7b", DIGIT, GPT2);
        name(patterns, "llama-bpe llama3 llama-v3 falcon3 dbrx smaug-bpe glm4 chatglm-bpe", LLAMA3);
        name(patterns, "qwen2 deepseek-r1-qwen stablelm2 megrez", QWEN2);
        name(patterns, "qwen35", QWEN35);
        name(patterns, "tekken", TEKKEN);
        name(patterns, "gpt-4o llama4", GPT4O);
        name(patterns, "deepseek-v3", THREE_DIGITS, CHINESE_AND_KANA, DEEPSEEK3);
        name(patterns, "deepseek-llm", LINE_END, CASED_LETTERS, MARKS, "\\s+$", CHINESE_AND_KOREAN, "\\p{N}+");
        name(patterns, "deepseek-coder", LINE_END, "\\s?\\p{L}+", "\\s?\\p{P}+", CHINESE_AND_KOREAN, DIGIT);
        return patterns;
    }

    private static void name(Map<String, List<String>> patterns, String names, String... expressions) {
        for (String name : names.split(" ", -1)) {
            patterns.put(name, List.of(expressions));
        }
    }

    /** Vocabularies that keep a word whole if it is a token, and that expect a beginning-of-sequence token. */
    private static final Set<String> WHOLE_WORDS_FIRST = Set.of("llama-bpe", "llama3", "llama-v3", "falcon3", "tekken");

    private SplitPatterns() {}

    /** Whether an expression may be run; a line end in it may stand for itself or be escaped. */
    static boolean isKnown(String pattern) {
        return staysWithinLines(pattern) || OTHERS.contains(escaped(pattern));
    }

    /**
     * Whether an expression neither matches over the end of a line between two ASCII letters nor looks past it, so that
     * it finds the same in the parts of a text cut there.
     */
    static boolean staysWithinLines(String pattern) {
        return endsWordsAtLines(pattern) || WITHIN_LINES.contains(escaped(pattern));
    }

    /** Whether an expression that stays within lines also ends a word at each such place. */
    static boolean endsWordsAtLines(String pattern) {
        return AT_LINES.contains(escaped(pattern));
    }

    private static String escaped(String pattern) {
        return pattern.replace("\r", "\\r").replace("\n", "\\n");
    }

    /** Expressions of a {@code tokenizer.ggml.pre}, each applied to what the one before left; empty if unknown. */
    static List<String> named(String pre) {
        return BY_NAME.getOrDefault(pre.isEmpty() ? "default" : pre, List.of());
    }

    /** Every known {@code tokenizer.ggml.pre}, with commas between. */
    static String names() {
        return String.join(", ", BY_NAME.keySet());
    }

    /** Whether a word that is a token stays whole though no merges lead to it. */
    static boolean ignoresMerges(String pre) {
        return WHOLE_WORDS_FIRST.contains(pre);
    }

    /** Whether a text begins with a beginning-of-sequence token where the file does not say so. */
    static boolean addsBeginning(String pre) {
        return WHOLE_WORDS_FIRST.contains(pre);
    }
}
