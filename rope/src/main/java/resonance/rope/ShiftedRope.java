package resonance.rope;

/**
 * STRING, shifted RoPE: far distances begin again at a small one, so that those rarely trained on are never used.
 *
 * <pre>  distance = m − n − S + W   for m − n ≥ S </pre>
 *
 * <p>An et al., "Why Does the Effective Context Length of LLMs Fall Short?", 2024, arXiv:2410.18745, section 4; read in the
 * authors' code and README, where S is a third of the trained length and W is 128. It is meant for texts within the trained
 * length. For longer ones S grows as far as it takes for the longest distance to be within it, at most to the trained length: up to
 * 2 L − W tokens; beyond that distances are above those trained on.
 *
 * @param window S, distances below are as they are; at least 1
 * @param local W, from 0 to S
 */
public record ShiftedRope(int window, int local) implements PositionRemap {
    /** Name and source. */
    public static final RemapMethod METHOD =
            new RemapMethod("string", "STRING", "far distances shifted", ShiftedRope::covering);

    private static final int USUAL_LOCAL = 128;

    public ShiftedRope {
        Require.atLeast("window", window, 1);
        Require.atLeast("local", local, 0);
        if (local > window) {
            throw new IllegalArgumentException("local must be at most window (" + window + "), was " + local);
        }
    }

    /** The authors' values, with a window of a quarter of a short trained length, and a shift that covers the text. */
    static ShiftedRope covering(int trainedLength, long length) {
        int shift = Math.max(1, trainedLength / 3);
        int local = Math.min(Math.min(USUAL_LOCAL, Math.max(1, trainedLength / 4)), shift);
        long needed = length - trainedLength + local;
        return new ShiftedRope((int) Math.max(shift, Math.min(trainedLength, needed)), local);
    }

    @Override
    public long farQuery(long position) {
        return Math.max(0, position - window + local);
    }

    @Override
    public long farKey(long position) {
        return position;
    }
}
