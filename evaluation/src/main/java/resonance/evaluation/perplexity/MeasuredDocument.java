package resonance.evaluation.perplexity;

/**
 * A document as it was measured.
 *
 * @param name what it is called; no two of a measurement have one name
 * @param sha256 SHA-256 (hex) of the file
 * @param tokens tokens that were used, without special tokens
 */
public record MeasuredDocument(String name, String sha256, int tokens) {}
