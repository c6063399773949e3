package resonance.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import resonance.model.ModelFormatException;
import resonance.model.Tokenizer;

/**
 * Builds tokenizers from the metadata of GGUF files, which hold a vocabulary but not how texts are cut into words.
 *
 * <p>Byte-level vocabularies ({@code gpt2}) cut by the expressions of {@link SplitPatterns}. SentencePiece vocabularies
 * ({@code llama}) have scores instead of merges; {@link ScoredMerges} makes those. As in llama.cpp, control, unknown and
 * user-defined tokens are looked for in a text before anything else.
 */
public final class GgufTokenizers {
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int LARGEST_TYPE = 6;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SPACE = "\u2581";

    private GgufTokenizers() {}

    /**
     * The tokenizer of a vocabulary.
     *
     * @throws ModelFormatException if the vocabulary is damaged or of a kind that is not known; the message names the
     *     file and the key
     */
    public static Tokenizer rebuild(GgufVocabulary vocabulary) {
        check(vocabulary);
        BytePairModel model = new BytePairModel(vocabulary.where() + ": tokenizer.ggml.tokens");
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < vocabulary.tokens().length; id++) {
            String token = token(vocabulary, id);
            model.addToken(token, id);
            int type = type(vocabulary, id);
            if (type == CONTROL || type == UNKNOWN || type == USER_DEFINED) {
                added.add(AddedToken.plain(id, token, type != USER_DEFINED));
            }
        }
        TokenizerPlan plan = vocabulary.model().equals("gpt2")
                ? bytePairs(vocabulary, model, added)
                : sentencePieces(vocabulary, model, added);
        return new HuggingFaceTokenizer(plan, beginning(vocabulary), ends(vocabulary, plan));
    }

    private static TokenizerPlan bytePairs(GgufVocabulary vocabulary, BytePairModel model, List<AddedToken> added) {
        List<String> patterns = SplitPatterns.named(vocabulary.pre());
        if (patterns.isEmpty()) {
            throw refusal(
                    vocabulary,
                    "pre",
                    "must be known, was " + BytePairModel.shown(vocabulary.pre()) + "; known: "
                            + SplitPatterns.names());
        }
        String[] merges = vocabulary.merges();
        if (merges.length == 0) {
            throw refusal(vocabulary, "merges", "must be there for a gpt2 vocabulary, were not");
        }
        for (int i = 0; i < merges.length; i++) {
            int space = merges[i].indexOf(' ', 1);
            if (space < 0) {
                throw refusal(
                        vocabulary,
                        "merges[" + i + "]",
                        "must be two tokens with a space between, was " + BytePairModel.shown(merges[i]));
            }
            model.addMerge(merges[i].substring(0, space), merges[i].substring(space + 1));
        }
        model.ignoresMerges(SplitPatterns.ignoresMerges(vocabulary.pre()));
        ArrayNode steps = JSON.arrayNode();
        for (String pattern : patterns) {
            steps.add(part("Split")
                    .put("behavior", "Isolated")
                    .put("invert", false)
                    .set("pattern", JSON.objectNode().put("Regex", pattern)));
        }
        steps.add(byteLevel());
        return new TokenizerPlan(
                model,
                added,
                JSON.nullNode(),
                part("Sequence").set("pretokenizers", steps),
                byteLevel(),
                vocabulary.where());
    }

    private static TokenizerPlan sentencePieces(
            GgufVocabulary vocabulary, BytePairModel model, List<AddedToken> added) {
        if (vocabulary.scores().length == 0) {
            throw refusal(vocabulary, "scores", "must be there for a llama vocabulary, were not");
        }
        new ScoredMerges(vocabulary).addTo(model);
        model.fallsBackToBytes(true);
        OptionalInt unknown = vocabulary.unknown();
        model.unknown(unknown.isPresent() ? token(vocabulary, unknown.getAsInt()) : null, true);
        ArrayNode normalizers = JSON.arrayNode();
        ArrayNode decoders = JSON.arrayNode()
                .add(replace(SPACE, " "))
                .add(part("ByteFallback"))
                .add(part("Fuse"));
        if (vocabulary.addSpacePrefix()) {
            normalizers.add(part("Prepend").put("prepend", SPACE));
            decoders.add(part("Strip").put("content", " ").put("start", 1).put("stop", 0));
        }
        normalizers.add(replace(" ", SPACE));
        return new TokenizerPlan(
                model,
                added,
                part("Sequence").set("normalizers", normalizers),
                JSON.nullNode(),
                part("Sequence").set("decoders", decoders),
                vocabulary.where());
    }

    private static OptionalInt beginning(GgufVocabulary vocabulary) {
        if (!vocabulary.addBeginning()) {
            return OptionalInt.empty();
        }
        if (vocabulary.beginning().isPresent()) {
            return vocabulary.beginning();
        }
        if (vocabulary.model().equals("llama") && vocabulary.tokens().length > 1) {
            return OptionalInt.of(1);
        }
        throw refusal(vocabulary, "bos_token_id", "must be there, as add_bos_token is true or the rule, was not");
    }

    private static Set<Integer> ends(GgufVocabulary vocabulary, TokenizerPlan plan) {
        Set<Integer> ends = TokenizerSettings.named(plan);
        vocabulary.end().ifPresent(ends::add);
        vocabulary.endOfTurn().ifPresent(ends::add);
        return ends;
    }

    private static void check(GgufVocabulary vocabulary) {
        if (!vocabulary.model().equals("gpt2") && !vocabulary.model().equals("llama")) {
            throw refusal(
                    vocabulary,
                    "model",
                    "must be known, was " + BytePairModel.shown(vocabulary.model())
                            + "; known: gpt2 (byte-level BPE), llama (SentencePiece)");
        }
        int count = vocabulary.tokens().length;
        if (count == 0 || count > BytePairModel.MOST_TOKENS) {
            throw refusal(vocabulary, "tokens", "must be 1 to " + BytePairModel.MOST_TOKENS + ", were " + count);
        }
        checkCount(vocabulary, "scores", vocabulary.scores().length);
        checkCount(vocabulary, "token_type", vocabulary.types().length);
        for (int id = 0; id < vocabulary.types().length; id++) {
            int type = vocabulary.types()[id];
            if (type < 0 || type > LARGEST_TYPE) {
                throw refusal(
                        vocabulary, "token_type[" + id + "]", "must be from 0 to " + LARGEST_TYPE + ", was " + type);
            }
        }
        checkId(vocabulary, "bos_token_id", vocabulary.beginning());
        checkId(vocabulary, "eos_token_id", vocabulary.end());
        checkId(vocabulary, "eot_token_id", vocabulary.endOfTurn());
        checkId(vocabulary, "unknown_token_id", vocabulary.unknown());
    }

    private static void checkCount(GgufVocabulary vocabulary, String key, int count) {
        if (count != 0 && count != vocabulary.tokens().length) {
            throw refusal(
                    vocabulary,
                    key,
                    "must be one for each of " + vocabulary.tokens().length + " tokens, were " + count);
        }
    }

    private static void checkId(GgufVocabulary vocabulary, String key, OptionalInt id) {
        if (id.isPresent() && (id.getAsInt() < 0 || id.getAsInt() >= vocabulary.tokens().length)) {
            throw refusal(
                    vocabulary,
                    key,
                    "must be from 0 to " + (vocabulary.tokens().length - 1) + ", was " + id.getAsInt());
        }
    }

    /** A token's text; llama.cpp's name for one that has none. */
    private static String token(GgufVocabulary vocabulary, int id) {
        String token = vocabulary.tokens()[id];
        return token.isEmpty() ? "[EMPTY_" + id + "]" : token;
    }

    /** A token's type; tokens that end texts are control tokens whatever the file says, as in llama.cpp. */
    private static int type(GgufVocabulary vocabulary, int id) {
        if (TokenizerSettings.ENDS.contains(vocabulary.tokens()[id])) {
            return CONTROL;
        }
        return vocabulary.types().length == 0 ? NORMAL : vocabulary.types()[id];
    }

    private static ObjectNode part(String type) {
        return JSON.objectNode().put("type", type);
    }

    private static ObjectNode byteLevel() {
        return part("ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private static JsonNode replace(String pattern, String content) {
        return part("Replace")
                .put("content", content)
                .set("pattern", JSON.objectNode().put("String", pattern));
    }

    static ModelFormatException refusal(GgufVocabulary vocabulary, String key, String sentence) {
        return new ModelFormatException(vocabulary.where() + ": tokenizer.ggml." + key + " " + sentence);
    }
}
