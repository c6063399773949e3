package resonance.transformer.training;

import org.bytedeco.pytorch.Tensor;
import resonance.decoder.AttentionShape;

/** Queries, keys, values and what attention makes of them, with their gradients: what an {@link AttentionCore} works on. */
final class HeadTensors {
    private enum Slot {
        HEADS,
        PROJECTED,
        ROW
    }

    final Tensor heads; // (N, (H + 2 K) S): rotated queries, rotated keys, values
    final HeadColumns queries;
    final HeadColumns keys;
    final HeadColumns values;
    final Tensor attended; // (N, H S)
    final HeadColumns attendedHeads;

    final Tensor attendedGradient; // (N, H S)
    final HeadColumns attendedGradients;
    final Tensor headGradient; // (N, (H + 2 K) S)
    final HeadColumns queryGradient;
    final HeadColumns keyGradient;
    final HeadColumns valueGradient;
    final Tensor rowSum; // (N, H): of each query's P·dP over its keys

    HeadTensors(PassShape shape) {
        AttentionShape attention = shape.config.attention();
        int s = attention.headSize();
        int h = attention.heads();
        int k = attention.keyValueHeads();
        int width = attention.joinedWidth();
        int attendedWidth = h * s;
        heads = shape.arena.floats(shape.tokens, width);
        queries = new HeadColumns(heads, width, 0, h, s);
        keys = new HeadColumns(heads, width, h, k, s);
        values = new HeadColumns(heads, width, h + k, k, s);
        attended = shape.arena.floats(shape.tokens, attendedWidth);
        attendedHeads = new HeadColumns(attended, attendedWidth, 0, h, s);
        attendedGradient = shape.gradientScratch(Slot.HEADS, shape.tokens, attendedWidth);
        attendedGradients = new HeadColumns(attendedGradient, attendedWidth, 0, h, s);
        headGradient = shape.gradientScratch(Slot.PROJECTED, shape.tokens, width);
        queryGradient = new HeadColumns(headGradient, width, 0, h, s);
        keyGradient = new HeadColumns(headGradient, width, h, k, s);
        valueGradient = new HeadColumns(headGradient, width, h + k, k, s);
        rowSum = shape.gradientScratch(Slot.ROW, shape.tokens, h);
    }
}
