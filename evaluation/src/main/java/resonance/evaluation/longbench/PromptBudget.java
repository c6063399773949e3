package resonance.evaluation.longbench;

import resonance.rope.Refusal;

/** Tokens that a prompt may have. */
final class PromptBudget {
    /** A half of one token on each side. */
    private static final int LEAST = 2;

    private PromptBudget() {}

    /**
     * What is left of a length.
     *
     * @throws Refusal of the lengths if that is too little
     */
    static int of(int length, int free) {
        if (length - free < LEAST) {
            throw Refusal.was("lengths", "must be at least " + (free + LEAST) + " tokens for LongBench", length)
                    .cure("take longer ones, or fewer {newTokens}");
        }
        return length - free;
    }
}
