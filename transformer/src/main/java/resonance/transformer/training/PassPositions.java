package resonance.transformer.training;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.TensorArena;

/**
 * What a position encoding does to passes of T tokens a sequence.
 *
 * @param input added to every sequence's embedded tokens, (T, D); null for nothing
 * @param layers what it does in each layer
 */
record PassPositions(@Nullable Tensor input, List<Layer> layers) {
    /**
     * What it does in one layer.
     *
     * @param rotation of query and key heads beside each other, (T, (H + K) S/2) complex; queries' times the logit scale
     * @param rotationBack its conjugates; without rows where there is no backward direction
     * @param mask added to the scores, (1 or H, T, T): −∞ where a query (row) may not see a key (column), else the bias; for
     *     linear attention what weights are multiplied by, 0 and 1
     * @param linear whether attention is linear
     * @param magnitude what rotation puts on the product of a query and a key, the logit scale included
     */
    record Layer(Tensor rotation, Tensor rotationBack, Tensor mask, boolean linear, double magnitude) {}

    /** @param arena keeps what is made here */
    static PassPositions of(DecoderConfig config, TrainingPositions tables, int length, TensorArena arena) {
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
                                tables.tensors()
                                        .mask(kind, length, config.attention().heads(), arena),
                                kind.equals(AttentionKind.LINEAR),
                                magnitude));
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
