package resonance.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.decoder.DecoderConfig;

/**
 * What decides how much memory a model takes, whoever runs it.
 *
 * @param decoder its sizes
 * @param weights its tensors, those of one type together, the type with most bytes first
 * @param inFiles whether they were read off the files' own lists; if not, they are as many as the configuration asks for, of the
 *     type that it names
 */
public record ModelSizes(DecoderConfig decoder, List<Stored> weights, boolean inFiles) {
    /**
     * Tensors of one type.
     *
     * @param type as the file calls it: Q4_1, BF16
     * @param tensors how many
     * @param elements of all together
     * @param bytes of all together
     */
    public record Stored(String type, int tensors, long elements, long bytes) {
        private Stored with(Stored other) {
            return new Stored(type, tensors + other.tensors, elements + other.elements, bytes + other.bytes);
        }
    }

    public ModelSizes {
        requireNonNull(decoder, "decoder must not be null");
        Map<String, Stored> byType = new LinkedHashMap<>();
        weights.forEach(stored -> byType.merge(stored.type, stored, Stored::with));
        List<Stored> sorted = new ArrayList<>(byType.values());
        sorted.sort(Comparator.comparingLong(Stored::bytes).reversed());
        weights = List.copyOf(sorted);
    }

    /** Bytes of all weights. */
    public long bytes() {
        return weights.stream().mapToLong(Stored::bytes).sum();
    }
}
