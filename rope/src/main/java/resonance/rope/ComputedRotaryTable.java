package resonance.rope;

import static java.util.Objects.requireNonNull;

/** A {@link RotaryTable} that holds nothing: rows that repeat within one call are copied, the others computed. */
record ComputedRotaryTable(RopeFrequencies frequencies) implements RotaryTable {
    ComputedRotaryTable {
        requireNonNull(frequencies, "frequencies must not be null");
    }

    @Override
    public void fill(long firstPosition, int positions, float[] cosines, float[] sines) {
        Require.fillable(firstPosition, positions, frequencies.pairs(), cosines, sines);
        for (int pair = 0; pair < frequencies.pairs(); pair++) {
            fillPair(frequencies, pair, firstPosition, positions, cosines, sines);
        }
    }

    /** Fills the column of one pair. */
    static void fillPair(
            RopeFrequencies frequencies, int pair, long firstPosition, int positions, float[] cosines, float[] sines) {
        int pairs = frequencies.pairs();
        double scale = frequencies.attentionScale();
        long period = frequencies.periodTokens(pair);
        int distinct = period > 0 ? (int) Math.min(period, positions) : positions;
        for (int row = 0; row < distinct; row++) {
            double angle = PairAngle.of(frequencies, pair, firstPosition + row);
            cosines[row * pairs + pair] = (float) (scale * Math.cos(angle));
            sines[row * pairs + pair] = (float) (scale * Math.sin(angle));
        }
        for (int row = distinct; row < positions; row++) {
            cosines[row * pairs + pair] = cosines[(row - distinct) * pairs + pair];
            sines[row * pairs + pair] = sines[(row - distinct) * pairs + pair];
        }
    }

    @Override
    public long heldRows() {
        return 0;
    }
}
