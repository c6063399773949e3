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

    /** A quarter of the trained length as it is, and the smallest groups with which a text stays within it. */
    static SelfExtend covering(int trainedLength, long length) {
        int window = Math.max(1, trainedLength / 4);
        long room = Math.max(1, trainedLength - window);
        long far = Math.max(0, length - window);
        return new SelfExtend(window, Math.max(1, (far + room - 1) / room));
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
