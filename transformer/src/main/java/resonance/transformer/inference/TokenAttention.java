package resonance.transformer.inference;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * Attention of one token's queries to a run of the keys before it, and what runs come to together.
 *
 * <p>A run is short enough that its keys stay in a core's cache for all queries of the head, so they are read from memory once. It gives for each
 * query the largest score m, the sum l of exp(score − m), and o, the sum of exp(score − m) times value; runs join to Σ e^(m−M) o /
 * Σ e^(m−M) l with M the largest m (Dao et al. 2023, Flash-Decoding). Where runs begin depends on the token's position
 * alone, so which thread attends which changes nothing.
 *
 * <p>All of it is float32: values that are kept in bfloat16 are widened run by run, which takes less than LibTorch's products of so few
 * rows in bfloat16, and probabilities are not rounded as they are in {@link BlockAttention}.
 *
 * <p>One worker's; not thread safe.
 */
final class TokenAttention {
    /** Keys of a run. */
    static final int RUN = 1024;

    /** Keys of a product: OpenBLAS has kernels for small ones, which for three queries take half the time of three vectors' products. */
    private static final int KEYS = 256;

    private static final long[] LAST = {-1};

    private final int group; // G
    private final int headSize; // S
    private final Tensor scores; // (G RUN)
    private final @Nullable Tensor wideValues; // (RUN S), where they are kept in bfloat16
    private final Tensor largest; // (G, 1)
    private final Tensor sum; // (G, 1)
    private final FloatPointer scoresAt;
    private final FloatPointer largestAt;
    private final FloatPointer sumAt;
    private final FloatPointer weighted; // (G, S)

    TokenAttention(DecoderConfig config, Precision precision, TensorArena arena) {
        group = config.attention().group();
        headSize = config.attention().headSize();
        scores = arena.floats((long) group * RUN);
        wideValues = precision == Precision.FLOAT32 ? null : arena.floats((long) RUN * headSize);
        largest = arena.floats(group, 1);
        sum = arena.floats(group, 1);
        scoresAt = new FloatPointer(scores.data_ptr());
        largestAt = new FloatPointer(largest.data_ptr());
        sumAt = new FloatPointer(sum.data_ptr());
        weighted = new FloatPointer(arena.floats(group, headSize).data_ptr());
    }

    /** Numbers that a run comes to: m, l and o of each query. */
    static int resultSize(DecoderConfig config) {
        return config.attention().group() * (config.attention().headSize() + 2);
    }

    /** How many runs the keys from {@code begin} to before {@code end} are. */
    static int runs(int begin, int end) {
        return (end - 1) / RUN - begin / RUN + 1;
    }

    /**
     * Attends one run of one key head.
     *
     * @param run from 0 to before {@link #runs}
     * @param queries (G, S) float32, rotated and times the logit scale
     * @param begin position of the first key that is seen
     * @param end position after the last
     * @param result m of all queries, l of all, o of all: overwritten
     */
    void attend(
            KeyValueStore store,
            int layer,
            int head,
            int run,
            FloatPointer queries,
            int begin,
            int end,
            float[] result) {
        try (PointerScope scope = new PointerScope()) {
            int from = Math.max(begin, (begin / RUN + run) * RUN);
            int count = Math.min(end, (begin / RUN + run + 1) * RUN) - from;
            Tensor keys = store.keys(layer);
            long row = head * keys.size(1) + from;
            FloatPointer keysAt = new FloatPointer(keys.data_ptr()).getPointer(row * headSize);
            for (int key = 0; key < count; key += KEYS) {
                cblas_sgemm(
                        CblasRowMajor,
                        CblasNoTrans,
                        CblasTrans,
                        group,
                        Math.min(KEYS, count - key),
                        headSize,
                        1,
                        queries,
                        headSize,
                        keysAt.getPointer((long) key * headSize),
                        headSize,
                        0,
                        scoresAt.getPointer(key),
                        count);
            }
            Tensor score = scores.narrow(0, 0, (long) group * count).view(group, count);
            torch.amax_out(largest, score, LAST, true);
            score.sub_(largest).exp_();
            torch.sum_out(sum, score, LAST, true, new ScalarTypeOptional());
            cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasNoTrans,
                    group,
                    headSize,
                    count,
                    1,
                    scoresAt,
                    count,
                    values(store.values(layer), head, from, count),
                    headSize,
                    0,
                    weighted,
                    headSize);
            largestAt.get(result, 0, group);
            sumAt.get(result, group, group);
            weighted.get(result, 2 * group, group * headSize);
        }
    }

    /** Some values of a head, (count, S) float32. */
    private FloatPointer values(Tensor values, int head, int from, int count) {
        Tensor wide = wideValues;
        if (wide == null) {
            return new FloatPointer(values.data_ptr()).getPointer((head * values.size(1) + from) * headSize);
        }
        wide.narrow(0, 0, (long) count * headSize)
                .copy_(values.select(0, head).narrow(0, from, count).view(-1));
        return new FloatPointer(wide.data_ptr());
    }

    /**
     * What all runs of a head come to.
     *
     * @param results of its runs
     * @param target G S numbers from {@code at} on: overwritten
     */
    static void join(float[][] results, int first, int runs, int group, int headSize, float[] target, int at) {
        for (int query = 0; query < group; query++) {
            float most = Float.NEGATIVE_INFINITY;
            for (int run = first; run < first + runs; run++) {
                most = Math.max(most, results[run][query]);
            }
            float total = 0;
            int to = at + query * headSize;
            for (int run = first; run < first + runs; run++) {
                float[] result = results[run];
                float factor = (float) Math.exp(result[query] - most);
                total += factor * result[group + query];
                int from = 2 * group + query * headSize;
                for (int i = 0; i < headSize; i++) {
                    float before = run == first ? 0 : target[to + i];
                    target[to + i] = before + factor * result[from + i];
                }
            }
            for (int i = 0; i < headSize; i++) {
                target[to + i] /= total;
            }
        }
    }
}
