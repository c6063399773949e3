package resonance.rope;

/**
 * Distances between tokens that a model was not trained on, mapped to some that it was, without touching its frequencies: near tokens
 * keep their distance, far ones are rotated at other positions.
 *
 * <pre>
 *   distance(m, n) = m − n                        for m − n &lt; window
 *                    farQuery(m) − farKey(n)      otherwise </pre>
 *
 * <p>So a query and a key have two rotations each, and no file of frequencies says that: a remap can be measured, as what an
 * encoding is to be compared with, and neither exported nor trained. Positions count from 0.
 */
public sealed interface PositionRemap permits SelfExtend, RectifiedRope, ShiftedRope {
    /** Distances below this one are as they are; at least 1. */
    int window();

    /** Where a query is rotated for the keys that are far from it; at least 0. */
    long farQuery(long position);

    /** Where a key is rotated for the queries that are far from it; at least 0. */
    long farKey(long position);

    /** What a query is multiplied by, for near keys and far ones. */
    default double queryFactor(long position) {
        return 1;
    }

    /** The distance that a query and a key before it have. */
    default long distance(long query, long key) {
        return query - key < window() ? query - key : farQuery(query) - farKey(key);
    }
}
