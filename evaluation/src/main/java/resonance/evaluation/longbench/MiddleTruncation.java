package resonance.evaluation.longbench;

import java.util.Arrays;
import resonance.evaluation.task.TextTokens;

/**
 * LongBench's way of shortening a prompt: its first and its last tokens stay, half of the budget each.
 *
 * <p>As in {@code pred.py} of github.com/THUDM/LongBench (commit 2e00731): the beginning-of-sequence token is one of the first.
 * Version 1 turns both halves into text one by one and halves downwards; version 2 turns them into text together, and of an odd
 * budget the end has the larger half.
 */
final class MiddleTruncation {
    private MiddleTruncation() {}

    /** @param budget tokens that the prompt may have, at least 2 */
    static String ofVersion1(String prompt, int budget, TextTokens tokens) {
        int[] ids = tokens.encode(prompt);
        int half = budget / 2;
        return tokens.beginning() + ids.length <= budget
                ? prompt
                : tokens.decode(first(ids, half - tokens.beginning())) + tokens.decode(last(ids, half));
    }

    /** @param budget tokens that the prompt may have, at least 2 */
    static String ofVersion2(String prompt, int budget, TextTokens tokens) {
        int[] ids = tokens.encode(prompt);
        if (tokens.beginning() + ids.length <= budget) {
            return prompt;
        }
        int[] first = first(ids, budget / 2 - tokens.beginning());
        int[] last = last(ids, budget - budget / 2);
        int[] kept = Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, kept, first.length, last.length);
        return tokens.decode(kept);
    }

    private static int[] first(int[] ids, int count) {
        return Arrays.copyOf(ids, Math.max(0, count));
    }

    private static int[] last(int[] ids, int count) {
        return Arrays.copyOfRange(ids, ids.length - Math.min(count, ids.length), ids.length);
    }
}
