package resonance.transformer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Views of one flat vector (of weights, of their bfloat16 copies, or of gradients) as the matrices of a decoder.
 *
 * <p>The vector belongs to whoever made it; the views live in the given arena.
 */
final class DecoderWeights {
    /** The matrices of one block. Biases have no elements where the decoder has none. */
    record Block(
            Tensor attentionNorm, // (D)
            Tensor queryKeyValue, // ((H + 2 KV) S, D)
            Tensor queryKeyValueBias, // ((H + 2 KV) S) or (0)
            Tensor attentionOutput, // (D, H S)
            Tensor feedForwardNorm, // (D)
            Tensor feedForwardInput, // (F or 2 F, D)
            Tensor feedForwardOutput // (D, F)
            ) {}

    final Tensor embedding; // (V, D)
    final List<Block> blocks;
    final Tensor finalNorm; // (D)
    final Tensor head; // (V, D); the embedding where tied

    private final Tensor flat;
    private final ParameterLayout layout;
    private final TensorArena arena;

    DecoderWeights(DecoderConfig config, ParameterLayout layout, Tensor flat, TensorArena arena) {
        this.flat = flat;
        this.layout = layout;
        this.arena = arena;
        int d = config.width();
        try (PointerScope scope = new PointerScope()) {
            embedding = view("embedding", config.vocabularySize(), d);
            List<Block> views = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                String attention = "layer." + i + ".attention.";
                String feedForward = "layer." + i + ".feedForward.";
                int rows = config.queryKeyValueWidth();
                views.add(new Block(
                        view(attention + "norm", d),
                        view(attention + "query", rows, d),
                        config.attentionBias() ? view(attention + "queryBias", rows) : arena.keep(flat.narrow(0, 0, 0)),
                        view(attention + "output", d, (long) config.heads() * config.headSize()),
                        view(feedForward + "norm", d),
                        view(
                                feedForward + (config.feedForward().gated() ? "gate" : "up"),
                                config.feedForwardInputWidth(),
                                d),
                        view(feedForward + "down", d, config.feedForwardWidth())));
            }
            blocks = List.copyOf(views);
            finalNorm = view("finalNorm", d);
            head = config.tiedEmbedding() ? embedding : view("head", config.vocabularySize(), d);
        }
    }

    /** The elements from the named parameter's offset on, in the given shape. */
    private Tensor view(String name, long... shape) {
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        return arena.keep(flat.narrow(0, layout.entry(name).offset(), size).view(shape));
    }
}
