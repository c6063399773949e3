package resonance.transformer.inference;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * Causal attention of a block of consecutive queries over all keys before them, in memory that does not grow with the
 * text.
 *
 * <p>Keys are visited in runs; of each run only the scores, their exponentials and the sums are ever held (Dao et al.
 * 2022). The queries of the heads that share a key head are the rows of one matrix, so a run costs two plain matrix
 * products of (G R, S) by (S, C) and (G R, C) by (C, S).
 *
 * <p>Softmax needs a shift by a row's largest score only to keep the exponential in range. By Cauchy and Schwarz no score
 * exceeds |q|·|k|, and where the largest such product is at most {@value #SAFE_SCORE} the exponentials of all scores and
 * their sum fit float32 (and bfloat16, whose range is the same) with room to spare: the shift, its search and the
 * rescaling of earlier runs are then left out, which changes nothing but rounding. Elsewhere the running maximum is kept.
 *
 * <p>In bfloat16 the scores are still float32 products of float32 queries and keys; the probabilities are rounded when
 * they are multiplied with the values.
 *
 * <p>One worker's; not thread safe.
 */
final class BlockAttention {
    static final float SAFE_SCORE = 60;
    /** Elements of the score matrix of one run, about: it should stay in a core's cache. */
    private static final int SCORES = 768 * 1024;

    private static final int SHORTEST_RUN = 128;
    private static final int LONGEST_RUN = 4096;

    /** Rows up to which a product of two matrices is slower than one with a vector for each row. */
    private static final int FEW_ROWS = 4;

    private static final long[] LAST = {-1};

    private final int group; // G
    private final int headSize; // S
    private final int rows; // R, at most
    private final boolean narrow;
    private final int run;
    private final Tensor scores; // (at least G R C) float32, flat
    private final Tensor probabilities; // the same of the compute type; the scores themselves in float32
    private final Tensor product; // (G R, S) of the compute type
    private final Tensor weighted; // (G R, S): sum of exp(score)·value
    private final Tensor sum; // (G R): sum of exp(score)
    private final Tensor runSum; // (G R)
    private final Tensor largest; // (G R)
    private final Tensor newLargest; // (G R)

    BlockAttention(DecoderConfig config, Precision precision, int rows, TensorArena arena) {
        this.rows = rows;
        group = config.attention().group();
        headSize = config.attention().headSize();
        narrow = precision != Precision.FLOAT32;
        run = run(group * rows);
        long m = (long) group * rows;
        scores = arena.floats(m * Math.max(run, rows));
        probabilities = narrow ? arena.empty(precision.scalarType(), m * Math.max(run, rows)) : scores;
        product = arena.empty(precision.scalarType(), m, headSize);
        weighted = arena.floats(m, headSize);
        sum = arena.floats(m);
        runSum = arena.floats(m);
        largest = arena.floats(m);
        newLargest = arena.floats(m);
    }

    /** Keys of a run for so many rows of scores. */
    private static int run(int rowsOfScores) {
        int fitting = SCORES / rowsOfScores / SHORTEST_RUN * SHORTEST_RUN;
        return Math.max(SHORTEST_RUN, Math.min(LONGEST_RUN, fitting));
    }

    /** Bytes of the matrices, and of the masks of a run. */
    static long bytes(DecoderConfig config, Precision precision, int rows) {
        long m = (long) config.attention().group() * rows;
        long keys = Math.max(run((int) m), rows);
        long headSize = config.attention().headSize();
        long compute = precision == Precision.FLOAT32 ? 4 : 2;
        long probabilities = compute == 4 ? 0 : compute * m * keys;
        return 4 * m * keys + probabilities + m * headSize * (4 + compute) + 4 * 4 * m + 2 * 4L * rows * keys;
    }

    /**
     * Queries of one key head and what they may see.
     *
     * @param queries (G count, S) float32, rotated and times the logit scale
     * @param keys (at least first + count, S) float32, rotated: row p is position p
     * @param values like keys, of the compute type
     * @param first position of the first query
     * @param count number of queries, at most the block's rows
     * @param window how many positions a query sees, itself included; 0 for all
     * @param positions with the encoding's biases on the scores, if it has any
     * @param firstHead the first of the query heads
     * @param far how queries and keys that are far from each other are rotated; null if as all are
     */
    record Span(
            Tensor queries,
            Tensor keys,
            Tensor values,
            int first,
            int count,
            int window,
            PositionTensors positions,
            int firstHead,
            @Nullable Far far) {}

    /**
     * Queries and keys as they are rotated where they are far from each other.
     *
     * @param queries as the span's
     * @param keys as the span's
     * @param window distances from this one on are far
     */
    record Far(Tensor queries, Tensor keys, int window) {}

    /**
     * Attends one key head's queries.
     *
     * @param result (G, count, S), any strides, any float type: overwritten
     * @param largestKey bound on the norm of the keys
     */
    void attend(Tensor result, Span span, float largestKey) {
        int count = span.count();
        int first = span.first();
        if (count > rows) {
            throw new IllegalArgumentException("count must be at most " + rows + ", was " + count);
        }
        long m = (long) group * count;
        try (PointerScope scope = new PointerScope()) {
            float largestQuery = torch.linalg_vector_norm(
                            span.queries(), new Scalar(2.0), LAST, false, new ScalarTypeOptional())
                    .max()
                    .item_float();
            // Written so that a norm that is not a number takes the careful way; biases may be of any size.
            boolean shifted = span.positions().hasScoreBias() || !(largestQuery * largestKey <= SAFE_SCORE);
            Tensor total = weighted.narrow(0, 0, m);
            total.zero_();
            sum.narrow(0, 0, m).zero_();
            if (shifted) {
                largest.narrow(0, 0, m).fill_(new Scalar(Double.NEGATIVE_INFINITY));
            }
            // The queries' own positions come first: there every row sees at least itself, so its maximum is finite.
            addRun(span, first, first + count, shifted);
            int begin = span.window() == 0 ? 0 : Math.max(0, first - span.window() + 1);
            int to;
            for (int from = begin; from < first; from = to) {
                to = Math.min(Math.min(first, from + run), nextBound(span, from));
                addRun(span, from, to, shifted);
            }
            total.div_(sum.narrow(0, 0, m).unsqueeze(1));
            result.copy_(total.view(group, count, headSize));
        }
    }

    private void addRun(Span span, int from, int to, boolean shifted) {
        try (PointerScope scope = new PointerScope()) {
            int count = span.count();
            long m = (long) group * count;
            long n = (long) to - from;
            Tensor score = scores.narrow(0, 0, m * n).view(m, n);
            score(score, span, from, to);
            Tensor bias = span.positions().biases(span.firstHead(), group, span.first(), count, from, to - from);
            if (bias != null) {
                score.view(group, count, n).add_(bias);
            }
            Tensor mask = mask(from, to, span.first(), count, span.window());
            if (mask != null) {
                score.view(group, count, n).add_(mask);
            }
            Tensor total = weighted.narrow(0, 0, m);
            Tensor totalSum = sum.narrow(0, 0, m);
            if (shifted) {
                shift(score, total, totalSum, m);
            }
            score.exp_();
            Tensor added = runSum.narrow(0, 0, m);
            torch.sum_out(added, score, LAST, false, new ScalarTypeOptional());
            totalSum.add_(added);
            Tensor runValues = span.values().narrow(0, from, n);
            if (narrow) {
                Tensor rounded = probabilities.narrow(0, 0, m * n).view(m, n);
                rounded.copy_(score);
                Tensor part = product.narrow(0, 0, m);
                torch.mm_out(part, rounded, runValues);
                total.add_(part);
            } else {
                total.addmm_(score, runValues);
            }
        }
    }

    /** Where keys after {@code from} begin to be near to some query, or to all of them: a run is best of one kind. */
    private static int nextBound(Span span, int from) {
        Far far = span.far();
        if (far == null) {
            return Integer.MAX_VALUE;
        }
        int allFarEnd = span.first() - far.window() + 1;
        int allNearBegin = span.first() + span.count() - far.window();
        return from < allFarEnd ? allFarEnd : from < allNearBegin ? allNearBegin : Integer.MAX_VALUE;
    }

    /** Products of queries and keys, each pair as it is rotated for its distance. */
    private void score(Tensor score, Span span, int from, int to) {
        long n = (long) to - from;
        Far far = span.far();
        if (far == null || span.first() + span.count() - 1 - from < far.window()) {
            products(score, span.queries(), span.keys().narrow(0, from, n));
            return;
        }
        Tensor farKeys = far.keys().narrow(0, from, n);
        if (span.first() - (to - 1) >= far.window()) {
            products(score, far.queries(), farKeys);
            return;
        }
        products(score, span.queries(), span.keys().narrow(0, from, n));
        Tensor farScore = torch.mm(far.queries(), farKeys.t()).view(group, span.count(), n);
        // Row i and column j are first + i − from − j apart.
        Tensor isFar = torch.ones(span.count(), n)
                .tril_(span.first() - from - far.window())
                .to(ScalarType.Bool);
        Tensor near = score.view(group, span.count(), n);
        near.copy_(torch.where(isFar, farScore, near));
    }

    /** Queries times keys: a few rows one by one, as a matrix and a vector, which takes little more than half the time. */
    private static void products(Tensor score, Tensor queries, Tensor keys) {
        if (score.size(0) > FEW_ROWS) {
            torch.mm_out(score, queries, keys.t());
            return;
        }
        for (long row = 0; row < score.size(0); row++) {
            torch.mv_out(score.select(0, row), keys, queries.select(0, row));
        }
    }

    /** Subtracts the running maximum from the scores and rescales what earlier runs gave. */
    private void shift(Tensor score, Tensor total, Tensor totalSum, long m) {
        Tensor before = largest.narrow(0, 0, m);
        Tensor after = newLargest.narrow(0, 0, m);
        torch.amax_out(after, score, LAST, false);
        torch.maximum_out(after, after, before);
        score.sub_(after.unsqueeze(1));
        before.sub_(after).exp_();
        total.mul_(before.unsqueeze(1));
        totalSum.mul_(before);
        before.copy_(after);
    }

    /** −∞ where a key comes after a query or has left its window, else 0, (count, to − from); null if all are seen. */
    private static @Nullable Tensor mask(int from, int to, int first, int count, int window) {
        boolean future = to - 1 > first;
        boolean past = window > 0 && first + count - 1 - from >= window;
        if (!future && !past) {
            return null;
        }
        Tensor mask = torch.zeros(count, to - from);
        if (future) {
            mask.add_(infinite(count, to - from).triu_(first - from + 1));
        }
        if (past) {
            mask.add_(infinite(count, to - from).tril_(first - from - window));
        }
        return mask;
    }

    private static Tensor infinite(long count, long keys) {
        return torch.full(new long[] {count, keys}, new Scalar(Double.NEGATIVE_INFINITY));
    }
}
