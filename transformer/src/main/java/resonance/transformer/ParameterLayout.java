package resonance.transformer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each parameter of a decoder lies in one flat float32 vector.
 *
 * <p>Names are {@code embedding}, {@code layer.0.attention.norm}, {@code layer.0.attention.query} … {@code finalNorm},
 * {@code head}. Query, key and value rows of a layer lie one after the other, so that their joined projection is one
 * matrix and one product; so do the gate and up halves of a gated feed-forward. One vector makes the optimiser, the
 * gradient sum and a checkpoint a handful of operations whatever the number of layers.
 *
 * <p>Rotary pairs are interleaved (features 2i and 2i+1 of a head); the rows of a half-split model's query and key
 * projections are permuted before they are stored here.
 */
public final class ParameterLayout {
    /**
     * One named parameter.
     *
     * @param name unique name
     * @param offset index of its first element in the flat vector
     * @param shape its dimensions, row-major
     */
    public record Entry(String name, long offset, List<Integer> shape) {
        public Entry {
            shape = List.copyOf(shape);
        }

        /** Number of elements. */
        public long size() {
            return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long size;

    ParameterLayout(DecoderConfig config) {
        int d = config.width();
        int f = config.feedForwardWidth();
        int queryRows = config.heads() * config.headSize();
        int keyRows = config.keyValueHeads() * config.headSize();
        add("embedding", config.vocabularySize(), d);
        for (int layer = 0; layer < config.layers(); layer++) {
            String attention = "layer." + layer + ".attention.";
            add(attention + "norm", d);
            add(attention + "query", queryRows, d);
            add(attention + "key", keyRows, d);
            add(attention + "value", keyRows, d);
            if (config.attentionBias()) {
                add(attention + "queryBias", queryRows);
                add(attention + "keyBias", keyRows);
                add(attention + "valueBias", keyRows);
            }
            if (config.queryKeyNorm()) {
                add(attention + "queryNorm", config.headSize());
                add(attention + "keyNorm", config.headSize());
            }
            add(attention + "output", d, queryRows);
            if (config.postNorms()) {
                add(attention + "postNorm", d);
            }
            String feedForward = "layer." + layer + ".feedForward.";
            add(feedForward + "norm", d);
            if (config.feedForward().gated()) {
                add(feedForward + "gate", f, d);
            }
            add(feedForward + "up", f, d);
            add(feedForward + "down", d, f);
            if (config.postNorms()) {
                add(feedForward + "postNorm", d);
            }
        }
        add("finalNorm", d);
        if (!config.tiedEmbedding()) {
            add("head", config.vocabularySize(), d);
        }
    }

    private void add(String name, Integer... shape) {
        Entry entry = new Entry(name, size, List.of(shape));
        entries.put(name, entry);
        size += entry.size();
    }

    /** Number of elements of all parameters together. */
    public long size() {
        return size;
    }

    /** Every parameter, in the order of the flat vector. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(new ArrayList<>(entries.values()));
    }

    /**
     * The entry of a name.
     *
     * @throws IllegalArgumentException if no parameter has this name
     */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "parameter name must be one of " + entries.keySet() + ", was '" + name + "'");
        }
        return entry;
    }
}
