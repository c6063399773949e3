package resonance.transformer.training;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionShape;
import resonance.transformer.position.PositionTensors;

/**
 * {@link AttentionCore} in memory that grows with T and not with T²: scores exist for a block of queries of one head at a time,
 * and the gradient makes them anew (Dao et al., "FlashAttention", 2022, arXiv:2205.14135, section 3.1).
 *
 * <p>A block has the scores of its queries with all keys they see, so the softmax is made whole at once, both times by the same
 * operator: no running maximum is kept, and no log-sum-exp. On the CPU, without dropout, linear attention and a learned bias.
 */
final class BlockedAttention implements AttentionCore {
    private enum Slot {
        SCORES,
        GRADIENTS
    }

    /** Elements of a block's scores, about: both matrices of it should stay in the caches. */
    private static final int SCORES = 1 << 20;

    private static final int FEWEST_ROWS = 64;
    private static final int MOST_ROWS = 128;
    private static final long[] LAST = {-1};

    private final PassShape shape;
    private final AttentionShape attention;
    private final HeadTensors heads;
    private final int rows; // R, queries of a block at most
    private final Tensor scores; // (R T) flat
    private final Tensor gradients; // (R T) flat
    private final FloatPointer scoreAddress;
    private final FloatPointer gradientAddress;
    private final Tensor future; // (R, R): −∞ above the diagonal, else 0
    private final Tensor past; // (R, R): −∞ below the diagonal, else 0
    private final Scalar unseen;

    /** A block of queries of one head of one sequence, with the keys that any of them sees. */
    private record Span(int sequence, int head, int firstQuery, int queries, int firstKey) {
        int keys() {
            return firstQuery + queries - firstKey;
        }
    }

    private interface Action {
        void accept(Span span, Tensor probabilities);
    }

    BlockedAttention(PassShape shape, HeadTensors heads) {
        this.shape = shape;
        this.attention = shape.config.attention();
        this.heads = heads;
        int fitting = SCORES / shape.length;
        rows = Math.min(shape.length, Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, fitting)));
        long elements = (long) rows * shape.length;
        scores = shape.scratch(Slot.SCORES, elements);
        gradients = shape.gradientScratch(Slot.GRADIENTS, elements);
        scoreAddress = new FloatPointer(scores.data_ptr());
        gradientAddress = new FloatPointer(gradients.data_ptr());
        unseen = shape.arena.scalar(Double.NEGATIVE_INFINITY);
        try (PointerScope scope = new PointerScope()) {
            Tensor infinite = torch.full(new long[] {rows, rows}, unseen);
            future = shape.arena.keep(infinite.triu(1));
            past = shape.arena.keep(infinite.tril(-1));
        }
    }

    @Override
    public void forward(PassPositions.Layer positions, @Nullable LearnedBias bias, @Nullable DropoutMasks masks) {
        forEachBlock(
                positions,
                (span, probabilities) -> times(
                        heads.attendedHeads,
                        span.firstQuery,
                        CblasNoTrans,
                        scoreAddress,
                        span,
                        heads.values,
                        span.firstKey,
                        span.head / attention.group(),
                        0));
    }

    @Override
    public void backward(PassPositions.Layer positions, @Nullable LearnedBias bias, boolean drop) {
        try (PointerScope scope = new PointerScope()) {
            // The queries' gradients come last, block by block: until then their place holds o·do.
            Tensor products = heads.headGradient.narrow(1, 0, attention.queryWidth());
            torch.mul_out(products, heads.attendedGradient, heads.attended);
            torch.sum_out(
                    heads.rowSum,
                    products.view(shape.tokens, attention.heads(), attention.headSize()),
                    LAST,
                    false,
                    new ScalarTypeOptional());
            heads.headGradient
                    .narrow(1, attention.queryWidth(), 2 * attention.keyWidth())
                    .zero_();
        }
        forEachBlock(positions, (span, probabilities) -> {
            int shared = span.head / attention.group();
            Tensor gradient = matrix(gradients, span);
            times(
                    heads.valueGradient,
                    span.firstKey,
                    CblasTrans,
                    scoreAddress,
                    span,
                    heads.attendedGradients,
                    span.firstQuery,
                    span.head,
                    1);
            outer(gradientAddress, span, heads.attendedGradients, heads.values);
            gradient.sub_(heads.rowSum
                    .narrow(0, row(span, span.firstQuery), span.queries)
                    .narrow(1, span.head, 1));
            gradient.mul_(probabilities);
            times(
                    heads.queryGradient,
                    span.firstQuery,
                    CblasNoTrans,
                    gradientAddress,
                    span,
                    heads.keys,
                    span.firstKey,
                    shared,
                    0);
            times(
                    heads.keyGradient,
                    span.firstKey,
                    CblasTrans,
                    gradientAddress,
                    span,
                    heads.queries,
                    span.firstQuery,
                    span.head,
                    1);
        });
    }

    private void forEachBlock(PassPositions.Layer positions, Action action) {
        int[] first = new int[shape.length];
        for (int sequence = 0; sequence < shape.rows; sequence++) {
            for (int query = 0; query < shape.length; query++) {
                first[query] = positions.firstSeen(sequence * shape.length + query, query);
            }
            for (int head = 0; head < attention.heads(); head++) {
                for (int from = 0; from < shape.length; from += rows) {
                    int queries = Math.min(rows, shape.length - from);
                    int firstKey = from;
                    for (int query = from; query < from + queries; query++) {
                        firstKey = Math.min(firstKey, first[query]);
                    }
                    try (PointerScope scope = new PointerScope()) {
                        Span span = new Span(sequence, head, from, queries, firstKey);
                        action.accept(span, probabilities(span, first, positions.tensors()));
                    }
                }
            }
        }
    }

    /** The softmax of a block's scores, (queries, keys). */
    private Tensor probabilities(Span span, int[] first, PositionTensors tensors) {
        outer(scoreAddress, span, heads.queries, heads.keys);
        Tensor block = matrix(scores, span);
        int queries = span.queries;
        Tensor bias = tensors.biases(span.head, 1, span.firstQuery, queries, span.firstKey, span.keys());
        if (bias != null) {
            block.add_(bias.squeeze(0));
        }
        block.narrow(1, span.firstQuery - span.firstKey, queries)
                .add_(future.narrow(0, 0, queries).narrow(1, 0, queries));
        hideBefore(block, span, first);
        torch.softmax_out(block, block, -1);
        return block;
    }

    /** Puts −∞ where a key lies before the first that its query sees. */
    private void hideBefore(Tensor block, Span span, int[] first) {
        int last = span.firstQuery + span.queries - 1;
        boolean slides =
                first[last] - first[span.firstQuery] == span.queries - 1 && first[span.firstQuery] == span.firstKey;
        for (int query = span.firstQuery; slides && query <= last; query++) {
            slides = first[query] - span.firstKey == query - span.firstQuery;
        }
        if (slides && span.queries > 1) { // a window alone: one operator for all rows
            block.narrow(1, 0, span.queries)
                    .add_(past.narrow(0, 0, span.queries).narrow(1, 0, span.queries));
            return;
        }
        int from = span.firstQuery;
        while (from <= last) {
            int to = from + 1;
            while (to <= last && first[to] == first[from]) {
                to++;
            }
            int hidden = first[from] - span.firstKey;
            if (hidden > 0) {
                block.narrow(0, from - span.firstQuery, to - from)
                        .narrow(1, 0, hidden)
                        .fill_(unseen);
            }
            from = to;
        }
    }

    private static Tensor matrix(Tensor flat, Span span) {
        return flat.narrow(0, 0, (long) span.queries * span.keys()).view(span.queries, span.keys());
    }

    /** matrix = x yᵀ of the block's queries and keys; x has H heads, y K. */
    private void outer(FloatPointer matrix, Span span, HeadColumns x, HeadColumns y) {
        cblas_sgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasTrans,
                span.queries,
                span.keys(),
                x.headSize,
                1,
                x.at(row(span, span.firstQuery), span.head),
                x.width,
                y.at(row(span, span.firstKey), span.head / attention.group()),
                y.width,
                0,
                matrix,
                span.keys());
    }

    /** Rows of a head of the result, from {@code resultRow} on: kept · themselves + matrix or matrixᵀ · rows of y. */
    private void times(
            HeadColumns result,
            int resultRow,
            int transposed,
            FloatPointer matrix,
            Span span,
            HeadColumns y,
            int row,
            int head,
            float kept) {
        boolean byKey = transposed == CblasTrans;
        cblas_sgemm(
                CblasRowMajor,
                transposed,
                CblasNoTrans,
                byKey ? span.keys() : span.queries,
                y.headSize,
                byKey ? span.queries : span.keys(),
                1,
                matrix,
                span.keys(),
                y.at(row(span, row), head),
                y.width,
                kept,
                result.at(row(span, resultRow), byKey ? span.head / attention.group() : span.head),
                result.width);
    }

    /** The row of the pass where a place of the span's sequence lies. */
    private int row(Span span, int place) {
        return span.sequence * shape.length + place;
    }
}
