package resonance.evaluation.ruler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Draws what CPython's {@code random.Random} draws from the same seed, so that a benchmark whose samples a Python script makes
 * has the same samples here.
 *
 * <p>Checked against CPython 3.11's {@code random}, draw by draw.
 */
final class PythonRandom {
    private final MersenneTwister bits;

    /** As {@code random.Random(seed)} for a whole number; its sign does not count there. */
    PythonRandom(long seed) {
        long magnitude = Math.abs(seed);
        int low = (int) magnitude;
        int high = (int) (magnitude >>> 32);
        bits = high == 0 ? MersenneTwister.ofKey(low) : MersenneTwister.ofKey(low, high);
    }

    /** {@code random()}: from 0 to below 1, in steps of 2^−53. */
    double unit() {
        int high = bits.next() >>> 5;
        int low = bits.next() >>> 6;
        return (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
    }

    /** {@code randrange(bound)}: from 0 to below the bound, which is at least 1. */
    int below(int bound) {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
        int drawn;
        do {
            drawn = bits.next() >>> (Integer.SIZE - width);
        } while (drawn >= bound || drawn < 0);
        return drawn;
    }

    /** {@code randint(least, greatest)}: both may come. */
    int between(int least, int greatest) {
        return least + below(greatest - least + 1);
    }

    /** {@code choice(list)}. */
    <T> T choice(List<T> list) {
        return list.get(below(list.size()));
    }

    /** {@code ''.join(choices(letters, k=count))}: letters may repeat. */
    String letters(String letters, int count) {
        StringBuilder word = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            word.append(letters.charAt((int) (unit() * letters.length())));
        }
        return word.toString();
    }

    /** {@code shuffle(list)}, in place. */
    void shuffle(List<?> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, below(i + 1));
        }
    }

    /** {@code sample(list, count)}: distinct places in the order drawn. */
    <T> List<T> sample(List<T> list, int count) {
        List<T> drawn = new ArrayList<>(count);
        for (int place : places(list.size(), count)) {
            drawn.add(list.get(place));
        }
        return drawn;
    }

    /**
     * {@code sample(range(size), count)}: distinct numbers below the size in the order drawn.
     *
     * @throws IllegalArgumentException if there are fewer than {@code count}
     */
    int[] places(int size, int count) {
        if (count > size) {
            throw new IllegalArgumentException("count must be at most " + size + ", was " + count);
        }
        return size <= poolLimit(count) ? fromPool(size, count) : withoutPool(size, count);
    }

    /** Up to this size CPython draws from a shrinking copy; above it remembers what has been drawn. */
    private static double poolLimit(int count) {
        return count <= 5 ? 21 : 21 + Math.pow(4, Math.ceil(Math.log(count * 3.0) / Math.log(4)));
    }

    private int[] fromPool(int size, int count) {
        int[] pool = new int[size];
        Arrays.setAll(pool, i -> i);
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            int place = below(size - i);
            drawn[i] = pool[place];
            pool[place] = pool[size - i - 1];
        }
        return drawn;
    }

    private int[] withoutPool(int size, int count) {
        Set<Integer> seen = new HashSet<>();
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            int place = below(size);
            while (!seen.add(place)) {
                place = below(size);
            }
            drawn[i] = place;
        }
        return drawn;
    }

    /** {@code uuid.UUID(int=getrandbits(128), version=4)}: the first 32 bits drawn are the last of the number. */
    UUID uuid() {
        long low = Integer.toUnsignedLong(bits.next()) | ((long) bits.next() << 32);
        long high = Integer.toUnsignedLong(bits.next()) | ((long) bits.next() << 32);
        return new UUID((high & ~0xF000L) | 0x4000L, (low & ~(0xC000L << 48)) | (0x8000L << 48));
    }
}
