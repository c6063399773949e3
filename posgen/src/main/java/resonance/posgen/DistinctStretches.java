package resonance.posgen;

import java.util.HashSet;
import java.util.Set;

/** Remembers stretches of tokens by a 64-bit hash. One that only shares the hash of another counts as known, which does no harm. */
final class DistinctStretches {

    private final Set<Long> hashes = new HashSet<>();

    /** Whether the tokens are different from all before; remembers them. */
    boolean add(int[] tokens, int from, int to) {
        long hash = 0;
        for (int index = from; index < to; index++) {
            hash = new SplitMix64(hash + tokens[index]).next();
        }
        return hashes.add(hash);
    }
}
