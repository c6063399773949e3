package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.Contrast;
import resonance.evaluation.MeasuredModel;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;
import resonance.rope.Rounding;

/**
 * What a perplexity measurement consists of: every encoding at every length on every document.
 *
 * @param model what is measured
 * @param protocol how documents are cut and losses averaged
 * @param encodings position encodings, at least one, none twice; {@code resonance-x} is compared with {@code x} where
 *     both are present
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

    /** Every encoding x for which {@code resonance-x} is planned too, in the order of the plan. */
    public List<EncodingName> pairedEncodings() {
        return Contrast.among(encodings).stream()
                .filter(contrast -> contrast.encoding().rounding().equals(Rounding.WHOLE))
                .map(Contrast::baseline)
                .toList();
    }
}
