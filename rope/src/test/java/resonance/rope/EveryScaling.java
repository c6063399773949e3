package resonance.rope;

import java.util.ArrayList;
import java.util.List;

/** Every scaling of the registry for a head size, plain and with resonance: the product that laws are checked on. */
final class EveryScaling {
    static final int[] HEAD_SIZES = {4, 32, 64, 80, 128};

    private EveryScaling() {}

    static List<RopeScaling> forHeadSize(int headSize) {
        RopeEncodings encodings = RopeEncodings.standard();
        RopeSettings settings = settings(headSize);
        List<RopeScaling> scalings = new ArrayList<>();
        for (String name : encodings.encodingNames()) {
            scalings.add(encodings.encoding(name, settings));
        }
        return scalings;
    }

    /** Factor 4 and LongRoPE divisors that fit the head size. */
    static RopeSettings settings(int headSize) {
        List<Double> shorter = new ArrayList<>();
        List<Double> longer = new ArrayList<>();
        for (int pair = 0; pair < headSize / 2; pair++) {
            shorter.add(1 + pair / 100.0);
            longer.add(1 + pair * 0.37);
        }
        return RopeSettings.ofFactor(4).withDivisors(shorter, longer).withRotatedShare(0.5);
    }
}
