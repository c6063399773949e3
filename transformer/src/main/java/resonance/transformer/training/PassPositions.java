package resonance.transformer.training;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.tensor.TensorArena;

/**
 * What a position encoding does to passes of T tokens a sequence.
 *
 * @param input added to every sequence's embedded tokens, (T, D); null for nothing
 * @param layers what it does in each layer
 */
record PassPositions(@Nullable Tensor input, List<Layer> layers) {
    private static final int[] NONE = {};

    /**
     * What it does in one layer.
     *
     * @param rotation of query and key heads beside each other, (T, (H + K) S/2) complex; queries' times the logit scale
     * @param rotationBack its conjugates; without rows where there is no backward direction
     * @param mask added to the scores, (1 or H, T, T): −∞ where a query (row) may not see a key (column), else the bias; for
     *     linear attention what weights are multiplied by, 0 and 1; without elements for {@link BlockedAttention}, which makes its
     *     own
     * @param linear whether attention is linear
     * @param magnitude what rotation puts on the product of a query and a key, the logit scale included
     * @param window how many places a query sees, its own included; 0 for all
     * @param firstSeen the first place that each token of the pass attends to, (N); empty for 0
     * @param tensors with the encoding's biases on the scores, if it has any
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Layer(
            Tensor rotation,
            Tensor rotationBack,
            Tensor mask,
            boolean linear,
            double magnitude,
            int window,
            int[] firstSeen,
            PositionTensors tensors) {
        /**
         * The first place in its row that a token attends to.
         *
         * @param token of the pass
         * @param place of the token in its row
         */
        int firstSeen(int token, int place) {
            int first = firstSeen.length == 0 ? 0 : firstSeen[token];
            return window == 0 ? first : Math.max(first, place - window + 1);
        }

        /** The same of rows that have tables of their own. */
        Layer with(Tensor rows, Tensor rowsBack, Tensor rowMask, int[] seen) {
            return new Layer(rows, rowsBack, rowMask, linear, magnitude, window, seen, tensors);
        }
    }

    /**
     * The tables of positions 0 … T − 1.
     *
     * @param masked whether attention takes a mask
     * @param arena keeps what is made here
     */
    static PassPositions of(
            DecoderConfig config, TrainingPositions tables, int length, boolean masked, TensorArena arena) {
        try (PointerScope scope = new PointerScope()) {
            Tensor added = tables.tensors().input();
            Map<AttentionKind, Layer> kinds = new HashMap<>();
            for (int layer = 0; layer < config.layers(); layer++) {
                TrainingPositions.Rotation rotation = tables.rotation(layer);
                double magnitude = tables.tensors().rotation(layer).magnitude;
                kinds.computeIfAbsent(
                        config.attentionKinds().get(layer),
                        kind -> new Layer(
                                first(length, rotation.forward(), arena),
                                first(length, rotation.backward(), arena),
                                masked
                                        ? tables.tensors()
                                                .mask(
                                                        kind,
                                                        length,
                                                        config.attention().heads(),
                                                        arena)
                                        : arena.floats(0),
                                kind.equals(AttentionKind.LINEAR),
                                magnitude,
                                kind.window(),
                                NONE,
                                tables.tensors()));
            }
            return new PassPositions(
                    added == null ? null : first(length, added, arena),
                    config.attentionKinds().stream().map(kinds::get).toList());
        }
    }

    /** The first rows of a table, as far as it has any. */
    private static Tensor first(long rows, Tensor table, TensorArena arena) {
        return arena.keep(table.narrow(0, 0, Math.min(rows, table.size(0))));
    }
}
