package resonance.rope.analysis;

import resonance.rope.RopeFrequencies;

/**
 * The largest of the smallest angles between a later position and all trained ones, for any frequency.
 *
 * <p>Position n and trained position m differ by k = n - m tokens, an angle of ||k * theta|| (distance to the nearest
 * multiple of 2*pi). For a given n, k runs over the L values n-L+1 .. n, so the wanted number is the largest minimum
 * over windows of length L in the sequence ||k * theta||, k = 1 .. L'-1. The minima of a sliding window come from a
 * queue of the candidates that can still become a minimum, whose angles increase: one pass, each k entering and
 * leaving once.
 */
final class AngleWindow {
    private AngleWindow() {}

    /** The result in radians, 0 to pi. */
    static double largestMinimum(RopeFrequencies frequencies, int pair, int trainedLength, long targetLength) {
        double[] angles = new double[trainedLength];
        long[] distances = new long[trainedLength];
        int head = 0;
        int size = 0;
        double largest = 0;
        for (long distance = 1; distance < targetLength; distance++) {
            if (size > 0 && distances[head] <= distance - trainedLength) {
                head = head + 1 == trainedLength ? 0 : head + 1;
                size--;
            }
            double angle = Math.abs(frequencies.angle(pair, distance));
            int tail = head + size - 1;
            while (size > 0 && angles[tail < trainedLength ? tail : tail - trainedLength] >= angle) {
                size--;
                tail--;
            }
            tail++;
            int slot = tail < trainedLength ? tail : tail - trainedLength;
            angles[slot] = angle;
            distances[slot] = distance;
            size++;
            if (distance >= trainedLength) {
                largest = Math.max(largest, angles[head]);
            }
        }
        return largest;
    }
}
