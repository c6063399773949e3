package resonance.posgen;

import java.util.Arrays;

/** The definitions of section 5 written down as they stand, one sum and one division a token: what fast code must equal. */
final class SequenceOracle {

    private SequenceOracle() {}

    static int[] grow(PosgenSpec spec, int[] seeds, int length) {
        int[] tokens = Arrays.copyOf(seeds, length);
        for (int position = seeds.length; position < length; position++) {
            int made = position - seeds.length;
            int firstFar = switch (spec.task()) {
                case RECURSIVE -> made;
                case CHAIN_OF_THOUGHT -> 0;
                case SEMI_RECURSIVE -> made / 2;
            };
            int[] inputs = new int[seeds.length];
            for (int far = 0; far < spec.far(); far++) {
                inputs[far] = tokens[firstFar + far];
            }
            for (int near = 0; near < spec.near(); near++) {
                inputs[spec.far() + near] = tokens[position - spec.near() + near];
            }
            tokens[position] = spec.function().apply(inputs, spec.far(), spec.modulus());
        }
        return tokens;
    }
}
