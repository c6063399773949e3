package resonance.transformer.inference;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.TensorArena;

/**
 * What the workers of a {@link TokenStep} give each other. Each matrix lies in parts of some columns, one a share of the work; all
 * workers read all of them after they have waited for each other. Shares depend on the decoder alone.
 */
final class TokenMemory implements AutoCloseable {
    /** Columns of a part, at least: a product of fewer takes hardly less time. */
    private static final int LEAST_COLUMNS = 256;

    /** How a matrix's columns are shared out. */
    static class Columns {
        private final int[] from; // the first of each share's, and the width

        Columns(int width, int shares) {
            int used = Math.max(1, Math.min(shares, width / LEAST_COLUMNS));
            int units = (width + RowProduct.UNIT - 1) / RowProduct.UNIT;
            from = new int[shares + 1];
            for (int share = 0; share < from.length; share++) {
                int end = (int) ((long) units * Math.min(share, used) / used) * RowProduct.UNIT;
                from[share] = Math.min(width, end);
            }
        }

        int from(int share) {
            return from[share];
        }

        /** How many are a share's; none where the matrix has fewer parts. */
        int count(int share) {
            return from[share + 1] - from[share];
        }
    }

    /** A matrix by columns. */
    static final class Parts extends Columns {
        private final FewRows[] parts; // of each share

        Parts(int width, ScalarType type, int shares, TensorArena arena) {
            super(width, shares);
            parts = new FewRows[shares];
            for (int share = 0; share < parts.length; share++) {
                parts[share] = new FewRows(type, TokenStep.MOST_TEXTS, count(share), arena);
            }
        }

        FewRows part(int share) {
            return parts[share];
        }

        /** The whole matrix, row-major. */
        void get(float[] target, int rows, FewRows.Buffer buffer) {
            for (int share = 0; share < parts.length; share++) {
                parts[share].get(target, from(parts.length), from(share), rows, buffer);
            }
        }
    }

    final Parts projected; // (texts, (H + 2 K) S)
    final Parts attended; // (texts, D): attention's branch
    final Parts fed; // (texts, D): the feed-forward's
    final Parts vocabulary; // (texts, V) float32
    final FewRows active; // (texts, F): its elements lie together
    final Columns inner; // active's
    float[][] runs = {}; // of each text, key head and run of keys in turn: what attention came to

    private final int resultSize;
    private final int keyValueHeads;
    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);

    /**
     * @param type of rows that are multiplied, and of what that gives
     * @param shares of the work
     */
    TokenMemory(DecoderConfig config, ScalarType type, int shares) {
        projected = new Parts(config.attention().joinedWidth(), type, shares, arena);
        attended = new Parts(config.width(), type, shares, arena);
        fed = new Parts(config.width(), type, shares, arena);
        vocabulary = new Parts(config.vocabularySize(), ScalarType.Float, shares, arena);
        inner = new Columns(config.feedForward().width(), shares);
        active = new FewRows(type, TokenStep.MOST_TEXTS, config.feedForward().width(), arena);
        resultSize = TokenAttention.resultSize(config);
        keyValueHeads = config.attention().keyValueHeads();
    }

    /** Makes room for what attention to all keys of these texts comes to. */
    void prepare(List<TokenStep.Next> texts) {
        int count = 0;
        for (TokenStep.Next text : texts) {
            count += keyValueHeads * TokenAttention.runs(0, text.position() + 1);
        }
        int held = runs.length;
        if (held < count) {
            runs = Arrays.copyOf(runs, count);
            for (int i = held; i < count; i++) {
                runs[i] = new float[resultSize];
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
