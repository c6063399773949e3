package resonance.transformer.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.TensorArena;

/** What a position encoding does to passes of T tokens a sequence, made once for each T. */
final class PassPositions {
    private final @Nullable Tensor input;
    private final List<LayerPositions> layers = new ArrayList<>();

    /** @param arena keeps what is made here */
    PassPositions(DecoderConfig config, TrainingPositions tables, int length, TensorArena arena) {
        try (PointerScope scope = new PointerScope()) {
            Tensor added = tables.tensors().input();
            input = added == null ? null : arena.keep(added.narrow(0, 0, length));
            Map<AttentionKind, LayerPositions> kinds = new HashMap<>();
            for (int layer = 0; layer < config.layers(); layer++) {
                HeadRotation rotation = tables.rotation(layer);
                layers.add(kinds.computeIfAbsent(
                        config.attentionKinds().get(layer),
                        kind -> new LayerPositions(
                                arena.keep(rotation.forward().narrow(0, 0, length)),
                                arena.keep(rotation.backward()
                                        .narrow(
                                                0,
                                                0,
                                                Math.min(
                                                        length,
                                                        rotation.backward().size(0)))),
                                tables.tensors()
                                        .mask(kind, length, config.attention().heads(), arena))));
            }
        }
    }

    /** Added to every sequence's embedded tokens, (T, D); null for nothing. */
    @Nullable
    Tensor input() {
        return input;
    }

    LayerPositions layer(int layer) {
        return layers.get(layer);
    }
}
