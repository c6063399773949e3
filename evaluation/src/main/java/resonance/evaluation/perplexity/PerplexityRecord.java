package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import resonance.rope.EncodingName;

/**
 * The perplexity of one encoding at one length, over the documents measured so far.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length positions in a whole window, BOS included
 * @param perplexity as the protocol averages; NaN or infinite if the model's losses were
 * @param standardError of the perplexity, over tokens or windows as the protocol weights them; see {@link LossSum}
 * @param tokens scored tokens
 * @param windows windows read
 * @param protocol how documents were cut and losses averaged
 * @param tokensPerSecond tokens the model read in a second, scored or not
 * @param seconds time the model took
 * @param documents each document's own perplexity, in the order of the plan
 * @param lossByPosition losses of the scored tokens by position in the window
 */
public record PerplexityRecord(
        EncodingName encoding,
        int length,
        double perplexity,
        double standardError,
        long tokens,
        long windows,
        PerplexityProtocol protocol,
        double tokensPerSecond,
        double seconds,
        List<DocumentPerplexity> documents,
        LossByPosition lossByPosition) {

    /**
     * One document's part.
     *
     * @param name the document's name
     * @param perplexity of this document alone
     * @param tokens scored tokens
     * @param windows windows read
     */
    public record DocumentPerplexity(String name, double perplexity, long tokens, long windows) {}

    public PerplexityRecord {
        documents = List.copyOf(documents);
    }

    /**
     * Merges the cells of one encoding and length: sums over tokens where tokens count alike, over windows where windows do.
     *
     * @param cells at least one, all of one encoding and length, each of another document
     */
    public static PerplexityRecord of(PerplexityProtocol protocol, List<PerplexityCell> cells) {
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("cells must be at least one, were none");
        }
        PerplexityCell first = cells.get(0);
        LossSum weighted = LossSum.NONE;
        LossByPosition byPosition = LossByPosition.none(first.length());
        long tokens = 0;
        long windows = 0;
        long read = 0;
        double seconds = 0;
        List<DocumentPerplexity> documents = new ArrayList<>();
        for (PerplexityCell cell : cells) {
            if (!cell.encoding().equals(first.encoding()) || cell.length() != first.length()) {
                throw new IllegalArgumentException(
                        "cells merged must be of one encoding and length, were " + first.key() + " and " + cell.key());
            }
            LossSum part = weighted(protocol, cell);
            weighted = weighted.plus(part);
            byPosition = byPosition.plus(cell.lossByPosition());
            tokens += cell.tokens().count();
            windows += cell.windows().count();
            read += cell.tokensRead();
            seconds += cell.seconds();
            documents.add(new DocumentPerplexity(
                    cell.document(),
                    part.perplexity(),
                    cell.tokens().count(),
                    cell.windows().count()));
        }
        return new PerplexityRecord(
                first.encoding(),
                first.length(),
                weighted.perplexity(),
                weighted.standardError(),
                tokens,
                windows,
                protocol,
                read / seconds,
                seconds,
                documents,
                byPosition);
    }

    private static LossSum weighted(PerplexityProtocol protocol, PerplexityCell cell) {
        return switch (protocol.weighting()) {
            case TOKENS -> cell.tokens();
            case WINDOWS -> cell.windows();
        };
    }
}
