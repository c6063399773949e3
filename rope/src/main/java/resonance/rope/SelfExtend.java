package resonance.rope;

/**
 * SelfExtend: far distances in groups.
 *
 * <pre>  distance = ⌊m/G⌋ + W − ⌊W/G⌋ − ⌊n/G⌋   for m − n ≥ W </pre>
 *
 * <p>Jin et al., "LLM Maybe LongLM: Self-Extend LLM Context Window Without Tuning", 2024, arXiv:2401.01325, section 3; read in the
 * authors' code (datamllab/LongLM, self_extend_patch/Llama.py), which divides W by G without rounding in one of its two branches.
 *
 * @param window W, at least 1
 * @param group G, at least 1
 */
public record SelfExtend(int window, long group) implements PositionRemap {
    /** Name and source. */
    public static final RemapMethod METHOD =
            new RemapMethod("self-extend", "SelfExtend", "far distances in groups", SelfExtend::covering);

    public SelfExtend {
        Require.atLeast("window", window, 1);
        Require.atLeast("group", group, 1);
    }

    /**
     * A quarter of the trained length as it is, and the smallest groups with which no distance of a text is one that training had
     * not: all are below the trained length.
     */
    static SelfExtend covering(int trainedLength, long length) {
        int window = Math.max(1, trainedLength / 4);
        long room = Math.max(1, trainedLength - window);
        long far = Math.max(0, length - window);
        SelfExtend remap = new SelfExtend(window, Math.max(1, (far + room - 1) / room));
        while (length > 1 && remap.group() < length && remap.distance(length - 1, 0) >= trainedLength) {
            remap = new SelfExtend(window, remap.group() + 1); // W / G is rounded down, which may cost one distance
        }
        return remap;
    }

    @Override
    public long farQuery(long position) {
        return position / group + window - window / group;
    }

    @Override
    public long farKey(long position) {
        return position / group;
    }
}
