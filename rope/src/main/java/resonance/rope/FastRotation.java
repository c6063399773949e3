package resonance.rope;

import static java.util.Objects.requireNonNull;

/**
 * {@link Rotation} as one plain loop a row and layout, free of calls and divisions.
 *
 * <p>Java 17's compiler keeps these loops scalar (cosines and row start at different offsets), so a pair's two stores
 * set the speed. Copying rows apart so that loops become vector instructions was tried and costs what it gains at
 * head sizes up to 128; see the benchmark {@code RotationBenchmark}.
 */
record FastRotation(PairLayout layout, int headSize, int pairs) implements Rotation {
    FastRotation {
        requireNonNull(layout, "layout must not be null");
        Require.pairsFit(headSize, pairs);
    }

    @Override
    public void rotate(float[] rows, int heads, float[] cosines, float[] sines) {
        int positions = Require.wholePositions(rows, heads, headSize);
        Require.room(positions, pairs, cosines, sines);
        for (int row = 0; row < positions * heads; row++) {
            int start = row * headSize;
            int angles = row / heads * pairs;
            switch (layout) {
                case INTERLEAVED -> rotateAdjacent(rows, start, cosines, sines, angles, pairs);
                case HALF_SPLIT -> rotateHalves(rows, start, cosines, sines, angles, pairs);
            }
        }
    }

    private static void rotateHalves(float[] rows, int start, float[] cosines, float[] sines, int angles, int pairs) {
        for (int pair = 0; pair < pairs; pair++) {
            float cosine = cosines[angles + pair];
            float sine = sines[angles + pair];
            float x = rows[start + pair];
            float y = rows[start + pairs + pair];
            rows[start + pair] = x * cosine - y * sine;
            rows[start + pairs + pair] = x * sine + y * cosine;
        }
    }

    private static void rotateAdjacent(float[] rows, int start, float[] cosines, float[] sines, int angles, int pairs) {
        for (int pair = 0; pair < pairs; pair++) {
            float cosine = cosines[angles + pair];
            float sine = sines[angles + pair];
            float x = rows[start + 2 * pair];
            float y = rows[start + 2 * pair + 1];
            rows[start + 2 * pair] = x * cosine - y * sine;
            rows[start + 2 * pair + 1] = x * sine + y * cosine;
        }
    }
}
