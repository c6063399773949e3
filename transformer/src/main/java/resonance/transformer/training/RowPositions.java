package resonance.transformer.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

/**
 * The tables of one pass as its rows want them: those of positions 0 … T − 1, or gathered where a {@link TokenBatch} has positions
 * of its own; masks that keep packed texts apart where it has {@code firstSeen}. Memory for these is made when first asked for.
 */
final class RowPositions {
    private final DecoderConfig config;
    private final TrainingPositions tables;
    private final PassPositions plain;
    private final int rows;
    private final int length;
    private final TensorArena arena;
    private final IdentityHashMap<Tensor, Tensor> gathered = new IdentityHashMap<>(); // by table, (N, …)
    private final Map<AttentionKind, Tensor> masks = new HashMap<>(); // (B, 1 or H, T, T)
    private @Nullable Tensor seen; // (B, 1, T, T)

    /** @param plain the tables of positions 0 … T − 1 */
    RowPositions(
            DecoderConfig config,
            TrainingPositions tables,
            PassPositions plain,
            int rows,
            int length,
            TensorArena arena) {
        this.config = config;
        this.tables = tables;
        this.plain = plain;
        this.rows = rows;
        this.length = length;
        this.arena = arena;
    }

    /** The tables of positions 0 … T − 1. */
    PassPositions plain() {
        return plain;
    }

    /**
     * The tables of a pass's share of a batch, valid until the next call.
     *
     * @param offset of its first token in the batch
     */
    PassPositions of(TokenBatch batch, int offset) {
        boolean placed = batch.positions().length > 0;
        boolean packed = batch.firstSeen().length > 0;
        if (!placed && !packed) {
            return plain;
        }
        try (PointerScope scope = new PointerScope()) {
            Tensor indices = placed ? indices(batch.positions(), offset) : null;
            boolean masked = plain.layers().get(0).mask().numel() > 0;
            if (packed && masked) {
                fillSeen(batch.firstSeen(), offset);
            }
            int[] firstSeen =
                    packed ? Arrays.copyOfRange(batch.firstSeen(), offset, offset + rows * length) : batch.firstSeen();
            IdentityHashMap<Tensor, Tensor> done = new IdentityHashMap<>();
            Map<AttentionKind, Tensor> doneMasks = new HashMap<>();
            List<PassPositions.Layer> layers = new ArrayList<>();
            for (int layer = 0; layer < config.layers(); layer++) {
                PassPositions.Layer before = plain.layers().get(layer);
                TrainingPositions.Rotation rotation = tables.rotation(layer);
                AttentionKind kind = config.attentionKinds().get(layer);
                layers.add(before.with(
                        gather(rotation.forward(), before.rotation(), indices, done),
                        gather(rotation.backward(), before.rotationBack(), indices, done),
                        packed && masked
                                ? doneMasks.computeIfAbsent(kind, key -> mask(key, before.mask()))
                                : before.mask(),
                        firstSeen));
            }
            Tensor input = tables.tensors().input();
            return new PassPositions(
                    input == null || plain.input() == null ? null : gather(input, plain.input(), indices, done),
                    layers);
        }
    }

    /** The positions of the pass's tokens, (N) int64. */
    private Tensor indices(int[] positions, int offset) {
        long[] values = new long[rows * length];
        for (int i = 0; i < values.length; i++) {
            values[i] = positions[offset + i];
        }
        Tensor host = torch.from_blob(
                new LongPointer(values), new long[] {values.length}, new TensorOptions(ScalarType.Long));
        return arena.device() == ComputeDevice.CPU
                ? host
                : host.to(tables.rotation(0).forward().device(), ScalarType.Long);
    }

    /** Rows of a table at the given positions, (B, T, columns); what the plain pass takes where there are none. */
    private Tensor gather(
            Tensor table, Tensor otherwise, @Nullable Tensor indices, IdentityHashMap<Tensor, Tensor> done) {
        if (indices == null || table.size(0) == 0) {
            return otherwise;
        }
        Tensor target =
                gathered.computeIfAbsent(table, key -> arena.empty(key.scalar_type(), rows, length, key.size(1)));
        if (done.put(table, target) == null) {
            torch.index_select_out(target.view(-1, table.size(1)), table, 0, indices);
        }
        return target;
    }

    /** −∞ where a key lies before the first that its query attends to, else 0. */
    private void fillSeen(int[] firstSeen, int offset) {
        float[] values = new float[Math.multiplyExact(rows * length, length)];
        for (int i = 0; i < rows * length; i++) {
            Arrays.fill(values, i * length, i * length + firstSeen[offset + i], Float.NEGATIVE_INFINITY);
        }
        if (seen == null) {
            seen = arena.floats(rows, 1, length, length);
        }
        HostCopy.into(seen, values);
    }

    private Tensor mask(AttentionKind kind, Tensor causal) {
        Tensor mask = masks.computeIfAbsent(kind, key -> arena.floats(rows, causal.size(0), length, length));
        if (seen != null) {
            torch.add_out(mask, causal, seen);
        }
        return mask;
    }
}
