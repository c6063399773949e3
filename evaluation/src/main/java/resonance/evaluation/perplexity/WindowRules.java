package resonance.evaluation.perplexity;

import resonance.rope.Refusal;

/** What every protocol asks of a document and a length. */
final class WindowRules {

    private WindowRules() {}

    static void require(PerplexityProtocol protocol, int shortest, int documentTokens, int length, boolean bos) {
        if (length < shortest) {
            throw Refusal.was("length", "must be at least " + shortest + " for protocol " + protocol.text(), length);
        }
        int fewest = protocol.fewestTokens(length, bos);
        if (documentTokens < fewest) {
            throw new IllegalArgumentException("document must have at least " + fewest + " tokens for protocol "
                    + protocol.text() + " at length " + length + ", had " + documentTokens);
        }
    }
}
