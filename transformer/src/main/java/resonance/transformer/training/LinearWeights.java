package resonance.transformer.training;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.decoder.AttentionShape;
import resonance.transformer.tensor.TensorArena;

/**
 * What linear attention ({@link resonance.decoder.AttentionKind.Linear}) does where the softmax stands otherwise.
 *
 * <pre>
 *   φ         = elu(q, k) + 1                                     before the rotation
 *   z[t, h]   = m · φ(q_t)·C_t,     C_t = Σ φ(k_u), u ≤ t         (B, T, H), m what rotation puts on a product
 *   P         = (rotated φ(q) φ(k)^T) · seen / z                  (B, H, T, T) </pre>
 *
 * <p>Backward, with Σ the sum over keys of P·dP: the products get dP/z, the normaliser −Σ/z, and φ'(x) = min(φ(x), 1). All
 * weights of a query are made, as for the softmax: training texts are short, and the products of both kinds are one code.
 */
final class LinearWeights {
    private static final long[] LAST = {-1};
    private static final long[] GROUP = {3};
    private static final long[] POSITIONS = {1};

    private final PassShape shape;
    private final AttentionShape attention;
    private final Tensor features; // (N, (H + K) S): φ of queries and keys, not rotated
    private final Tensor cumulative; // (B, T, K, 1, S): C
    private final Tensor normaliser; // (B, T, K, G): z
    private final Tensor dropout; // (B, H, T, T); without elements where nothing is dropped

    LinearWeights(PassShape shape, boolean drops) {
        this.shape = shape;
        attention = shape.config.attention();
        TensorArena arena = shape.arena;
        int b = shape.rows;
        int t = shape.length;
        int k = attention.keyValueHeads();
        features = arena.floats(shape.tokens, attention.queryWidth() + attention.keyWidth());
        cumulative = arena.floats(b, t, k, 1, attention.headSize());
        normaliser = arena.floats(b, t, k, attention.group());
        dropout = arena.floats(drops ? b : 0, attention.heads(), t, t);
    }

    /** Puts φ in place of queries and keys, the first columns of (N, (H + 2 K) S). */
    void map(Tensor heads) {
        try (PointerScope scope = new PointerScope()) {
            Tensor mapped = heads.narrow(1, 0, attention.queryWidth() + attention.keyWidth());
            torch.elu_(mapped);
            mapped.add_(new Scalar(1));
            features.copy_(mapped);
        }
    }

    /** Makes weights of products, (B, H, T, T), in place. */
    void normalise(Tensor products, PassPositions.Layer positions) {
        try (PointerScope scope = new PointerScope()) {
            cumulative.copy_(keys(features).cumsum(1));
            normaliser.copy_(queries(features).mul(cumulative).sum(LAST));
            normaliser.mul_(new Scalar(positions.magnitude()));
            products.mul_(positions.mask());
            products.div_(byRow());
        }
    }

    /** Keeps a dropout mask, which products of 0 would take with them. */
    void keep(Tensor mask) {
        dropout.copy_(mask);
    }

    /** Makes gradients of products of those of weights, in place. */
    void productGradient(Tensor gradient, PassPositions.Layer positions, boolean drop) {
        try (PointerScope scope = new PointerScope()) {
            if (drop) {
                gradient.mul_(dropout);
            }
            gradient.mul_(positions.mask());
            gradient.div_(byRow());
        }
    }

    /**
     * Takes the gradient of queries and keys, (N, (H + 2 K) S), back through φ, with the normaliser's part of it.
     *
     * @param rowSums Σ, (N, H)
     */
    void featureGradient(Tensor gradient, Tensor rowSums, PassPositions.Layer positions) {
        try (PointerScope scope = new PointerScope()) {
            Tensor share = rowSums.view(normaliser.sizes()).div(normaliser);
            share.mul_(new Scalar(-positions.magnitude()));
            Tensor each = share.unsqueeze(4); // (B, T, K, G, 1)
            queries(gradient).addcmul_(each, cumulative);
            Tensor later = each.mul(queries(features)).sum(GROUP, true, new ScalarTypeOptional());
            keys(gradient).add_(later.flip(POSITIONS).cumsum(1).flip(POSITIONS));
            gradient.narrow(1, 0, features.size(1)).mul_(features.clamp_max(new Scalar(1)));
        }
    }

    /** z for rows of weights, (B, H, T, 1). */
    private Tensor byRow() {
        return normaliser.view(shape.rows, shape.length, attention.heads(), 1).transpose(1, 2);
    }

    /** (B, T, K, G, S). */
    private Tensor queries(Tensor columns) {
        return columns.narrow(1, 0, attention.queryWidth())
                .view(shape.rows, shape.length, attention.keyValueHeads(), attention.group(), attention.headSize());
    }

    /** (B, T, K, 1, S). */
    private Tensor keys(Tensor columns) {
        return columns.narrow(1, attention.queryWidth(), attention.keyWidth())
                .view(shape.rows, shape.length, attention.keyValueHeads(), 1, attention.headSize());
    }
}
