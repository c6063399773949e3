package resonance.rope;

import static java.util.Objects.requireNonNull;

/** A {@link RotaryTable} that holds one period of every pair with a whole period that is not too long. */
final class CompactRotaryTable implements RotaryTable {
    private static final long LONGEST_ARRAY = 1L << 30;

    private final RopeFrequencies frequencies;
    /** One period of each pair; empty for a pair that is computed when asked. (pairs, period) */
    private final float[][] cosines;

    private final float[][] sines;

    CompactRotaryTable(RopeFrequencies frequencies, long longestHeldPeriod) {
        this.frequencies = requireNonNull(frequencies, "frequencies must not be null");
        Require.atLeast("longestHeldPeriod", longestHeldPeriod, 0);
        if (longestHeldPeriod > LONGEST_ARRAY) {
            throw new IllegalArgumentException("longestHeldPeriod must be at most 2^30, was " + longestHeldPeriod
                    + "; pairs with a longer period are computed");
        }
        cosines = new float[frequencies.pairs()][];
        sines = new float[frequencies.pairs()][];
        double scale = frequencies.attentionScale();
        for (int pair = 0; pair < frequencies.pairs(); pair++) {
            long period = frequencies.periodTokens(pair);
            int held = period <= longestHeldPeriod ? (int) period : 0;
            cosines[pair] = new float[held];
            sines[pair] = new float[held];
            for (int row = 0; row < held; row++) {
                double angle = PairAngle.inPeriod(row, period);
                cosines[pair][row] = (float) (scale * Math.cos(angle));
                sines[pair][row] = (float) (scale * Math.sin(angle));
            }
        }
    }

    @Override
    public RopeFrequencies frequencies() {
        return frequencies;
    }

    @Override
    public void fill(long firstPosition, int positions, float[] cosines, float[] sines) {
        int pairs = frequencies.pairs();
        Require.fillable(firstPosition, positions, pairs, cosines, sines);
        for (int pair = 0; pair < pairs; pair++) {
            float[] heldCosines = this.cosines[pair];
            float[] heldSines = this.sines[pair];
            if (heldCosines.length == 0) {
                ComputedRotaryTable.fillPair(frequencies, pair, firstPosition, positions, cosines, sines);
                continue;
            }
            int held = (int) (firstPosition % heldCosines.length);
            for (int row = 0; row < positions; row++) {
                cosines[row * pairs + pair] = heldCosines[held];
                sines[row * pairs + pair] = heldSines[held];
                held = held + 1 == heldCosines.length ? 0 : held + 1;
            }
        }
    }

    @Override
    public long heldRows() {
        long rows = 0;
        for (float[] held : cosines) {
            rows += held.length;
        }
        return rows;
    }
}
