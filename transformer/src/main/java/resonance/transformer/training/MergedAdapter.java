package resonance.transformer.training;

import resonance.decoder.LowRankAdapters;

/**
 * An adapter as a part of its matrix: scale · B A, of which rows are made as they are asked for.
 *
 * @param place of the adapter in the vector
 * @param scale alpha / r
 * @param values the flat vector
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record MergedAdapter(LowRankAdapters.Place place, double scale, float[] values) {
    /** Adds the elements of some whole rows, row-major, to a target. */
    void add(long firstElement, int count, float[] target, int offset) {
        int columns = place.parameter().columns();
        int rank = place.rank();
        int first = Math.toIntExact(place.offset());
        int second = Math.toIntExact(place.secondOffset());
        for (int done = 0; done < count; done += columns) {
            int row = Math.toIntExact((firstElement + done) / columns);
            for (int k = 0; k < rank; k++) {
                float factor = (float) (scale * values[second + row * rank + k]);
                int from = first + k * columns;
                for (int i = 0; i < columns; i++) {
                    target[offset + done + i] += factor * values[from + i];
                }
            }
        }
    }
}
