package resonance.transformer.position;

import java.util.Optional;

/** Sines and cosines of the position added to the embedded tokens (Vaswani et al. 2017). */
public record PositionInput() implements PositionEncoding {
    /** What is added at a position. */
    public static float[] row(int position, int width) {
        float[] row = new float[width];
        for (int i = 0; i < width; i++) {
            int pair = i / 2;
            double angle = position * Math.pow(10_000, -2.0 * pair / width);
            row[i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
        return row;
    }

    @Override
    public Optional<float[]> input(int positions, int width) {
        float[] rows = new float[positions * width];
        for (int position = 0; position < positions; position++) {
            System.arraycopy(row(position, width), 0, rows, position * width, width);
        }
        return Optional.of(rows);
    }
}
