package resonance.model.tokenizer;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Merges for a vocabulary that has scores instead.
 *
 * <p>SentencePiece merges the neighbours that make the token with the highest score, whatever the two are. As merges that
 * is: for every token each way to put it together from two others, tokens of higher scores first. Of two ways to make
 * one token in the same place SentencePiece takes the one further left and a list of merges the one that comes first
 * in it (the shorter left part), a difference that only runs of one character can show.
 */
final class ScoredMerges {
    private static final int NORMAL = 1;
    private static final int UNUSED = 5;

    /** Work is the square of a token's characters, over all tokens; Gemma's take about 20 million. */
    static final long MOST_WORK = 1L << 30;

    private final GgufVocabulary vocabulary;

    ScoredMerges(GgufVocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    void addTo(BytePairModel model) {
        long work = 0;
        for (int id : byScore()) {
            String token = vocabulary.tokens()[id];
            work += (long) token.length() * token.length();
            if (work > MOST_WORK) {
                throw GgufTokenizers.refusal(
                        vocabulary,
                        "tokens",
                        "must be short enough to be taken apart (squares of their lengths at most " + MOST_WORK
                                + " in all), were longer");
            }
            int split = 0;
            while (split < token.length()) {
                split += Character.charCount(token.codePointAt(split));
                if (split < token.length()) {
                    String left = token.substring(0, split);
                    String right = token.substring(split);
                    if (isPiece(model.id(left)) && isPiece(model.id(right))) {
                        model.addMerge(left, right);
                    }
                }
            }
        }
    }

    /** Ids of the pieces, those with the highest score first, of equal ones the first. */
    private int[] byScore() {
        float[] scores = vocabulary.scores();
        for (int id = 0; id < scores.length; id++) {
            if (Float.isNaN(scores[id])) {
                throw GgufTokenizers.refusal(vocabulary, "scores[" + id + "]", "must be a number, was NaN");
            }
        }
        long[] keys = new long[scores.length];
        int count = 0;
        for (int id = 0; id < scores.length; id++) {
            if (isPiece(OptionalInt.of(id))) {
                int bits = Float.floatToIntBits(scores[id] == 0 ? 0f : scores[id]);
                int ascending = bits >= 0 ? bits : bits ^ 0x7fffffff;
                keys[count++] = (long) ~ascending << 32 | id;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) keys[i];
        }
        return ids;
    }

    private boolean isPiece(OptionalInt id) {
        if (id.isEmpty()) {
            return false;
        }
        int type = vocabulary.types().length == 0 ? NORMAL : vocabulary.types()[id.getAsInt()];
        return type == NORMAL || type == UNUSED;
    }
}
