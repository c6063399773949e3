package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.Contrast;
import resonance.evaluation.MeasuredModel;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;

/**
 * What a perplexity measurement consists of: every encoding at every length on every document.
 *
 * @param model what is measured
 * @param protocol how documents are cut and losses averaged
 * @param encodings position encodings, at least one, none twice; {@link Contrast} says which are compared
 * @param lengths positions in a window, BOS included; at least one, ascending
 * @param documents at least one, no name twice
 */
public record PerplexityPlan(
        MeasuredModel model,
        PerplexityProtocol protocol,
        List<EncodingName> encodings,
        List<Integer> lengths,
        List<MeasuredDocument> documents) {

    public PerplexityPlan {
        encodings = DistinctList.of("encodings", encodings);
        lengths = DistinctList.ascending("lengths", lengths);
        documents = List.copyOf(documents);
        DistinctList.of(
                "documents", documents.stream().map(MeasuredDocument::name).toList());
    }

    /** All measurements: length by length, document by document, encoding by encoding. */
    public List<PerplexityKey> cells() {
        List<PerplexityKey> cells = new ArrayList<>();
        for (int length : lengths) {
            for (MeasuredDocument document : documents) {
                for (EncodingName encoding : encodings) {
                    cells.add(new PerplexityKey(encoding, length, document.name()));
                }
            }
        }
        return List.copyOf(cells);
    }

    /** Which encodings are measured against which. */
    public List<Contrast> contrasts() {
        return Contrast.among(encodings);
    }
}
