package resonance.rope;

import static java.util.Objects.requireNonNull;

/** The meaning of {@link Rotation}, one pair at a time. */
record ReferenceRotation(PairLayout layout, int headSize, int pairs) implements Rotation {
    ReferenceRotation {
        requireNonNull(layout, "layout must not be null");
        Require.pairsFit(headSize, pairs);
    }

    @Override
    public void rotate(float[] rows, int heads, float[] cosines, float[] sines) {
        int positions = Require.wholePositions(rows, heads, headSize);
        Require.room(positions, pairs, cosines, sines);
        for (int row = 0; row < positions * heads; row++) {
            for (int pair = 0; pair < pairs; pair++) {
                float cosine = cosines[row / heads * pairs + pair];
                float sine = sines[row / heads * pairs + pair];
                int first = row * headSize + layout.first(pair, 2 * pairs);
                int second = row * headSize + layout.second(pair, 2 * pairs);
                float x = rows[first];
                float y = rows[second];
                rows[first] = x * cosine - y * sine;
                rows[second] = x * sine + y * cosine;
            }
        }
    }
}
