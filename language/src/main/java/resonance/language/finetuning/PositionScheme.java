package resonance.language.finetuning;

import java.util.Random;
import java.util.stream.IntStream;
import resonance.language.corpus.WindowOrder;

/** Where the tokens of a training window stand. */
public enum PositionScheme {
    /** One after the other: a window is as long as the text that the model is to read. */
    LONG("long") {
        @Override
        int[] positions(int window, int length, long seed, long row) {
            return IntStream.range(0, window).toArray();
        }
    },

    /**
     * Skip-wise, "PoSE" (Zhu et al. 2023, arXiv:2309.10400, section 3.2, with two chunks): a window of c tokens is cut behind its
     * first s, and what follows is moved on by u, so that its positions reach up to the target length L.
     *
     * <pre>
     *   position(i) = i       for i &lt; s        s uniform in 1 … ⌊(c + 1) / 2⌋
     *   position(i) = i + u   for i &gt;= s       u uniform in 0 … L − c
     * </pre>
     *
     * <p>The ranges are those of the authors' code ({@code train_pose.py}). It also skips text between the two chunks; here they
     * are neighbours in the text.
     */
    SKIP_WISE("skip-wise") {
        @Override
        int[] positions(int window, int length, long seed, long row) {
            Random random = WindowOrder.random(~seed, row); // other numbers than those that order the windows
            int split = 1 + random.nextInt((window + 1) / 2);
            int skipped = random.nextInt(length - window + 1);
            int[] positions = new int[window];
            for (int i = 0; i < window; i++) {
                positions[i] = i < split ? i : i + skipped;
            }
            return positions;
        }
    };

    private final String label;

    PositionScheme(String label) {
        this.label = label;
    }

    /** {@code long} or {@code skip-wise}. */
    public String label() {
        return label;
    }

    /** Whether positions are other than 0, 1, ... */
    boolean skips() {
        return this != LONG;
    }

    /**
     * The positions of a window's tokens.
     *
     * @param window its tokens
     * @param length positions that there are, at least {@code window}
     * @param row counts the windows of the whole training; with the seed it decides what is drawn
     */
    abstract int[] positions(int window, int length, long seed, long row);
}
