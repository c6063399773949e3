package resonance.posgen;

/**
 * Sequences of h = sum mod m in a constant number of additions a token, whatever j and k, without division.
 *
 * <p>The near tokens of x_{l+1} are those of x_l, plus x_l, minus x_{l-k}. So while the far tokens stay where they are,
 * <pre>  x_{l+1} = x_l + x_l - x_{l-k}   (mod m)</pre>
 * which is all of chain-of-thought. In the recursive task far and near tokens are one window of j + k, so the same holds
 * with j + k for k. In the semi-recursive task every second step also moves the far tokens from p to p + 1, which adds
 * x_{p+j} - x_p.
 *
 * <p>All sums are kept in 0 ... m-1 by adding m where the sign bit is set: no branch, and no overflow for any int m.
 */
final class ModularAddition {

    private ModularAddition() {}

    static void extend(PosgenSpec spec, int[] tokens, int start, int end) {
        int first = start + spec.seedTokens();
        if (first == end) {
            return;
        }
        int modulus = spec.modulus();
        tokens[first] = sum(tokens, start, first, modulus);
        switch (spec.task()) {
            case RECURSIVE -> extendWindow(tokens, first, end, spec.seedTokens(), modulus);
            case CHAIN_OF_THOUGHT -> extendWindow(tokens, first, end, spec.near(), modulus);
            case SEMI_RECURSIVE -> extendPairs(tokens, start, first, end, spec, modulus);
        }
    }

    private static int sum(int[] tokens, int from, int to, int modulus) {
        long sum = 0;
        for (int index = from; index < to; index++) {
            sum += tokens[index];
        }
        return (int) (sum % modulus);
    }

    private static void extendWindow(int[] tokens, int first, int end, int window, int modulus) {
        int token = tokens[first];
        for (int index = first + 1; index < end; index++) {
            token = twiceLess(token, tokens[index - 1 - window], modulus);
            tokens[index] = token;
        }
    }

    private static void extendPairs(int[] tokens, int start, int first, int end, PosgenSpec spec, int modulus) {
        int near = spec.near();
        int far = spec.far();
        int token = tokens[first];
        int pointer = start;
        int index = first + 1;
        for (; index + 1 < end; index += 2, pointer++) {
            token = twiceLess(token, tokens[index - 1 - near], modulus);
            tokens[index] = token;
            int farStep = reduce(tokens[pointer + far] - tokens[pointer], modulus);
            int leaving = reduce(tokens[index - near] - farStep, modulus);
            token = twiceLess(token, leaving, modulus);
            tokens[index + 1] = token;
        }
        if (index < end) {
            tokens[index] = twiceLess(token, tokens[index - 1 - near], modulus);
        }
    }

    /** 2 token - leaving (mod modulus), for both in 0 ... modulus-1. */
    private static int twiceLess(int token, int leaving, int modulus) {
        int difference = reduce(token - leaving, modulus);
        return reduce(difference - (modulus - token), modulus);
    }

    /** The value (mod modulus), for a value in -modulus ... modulus-1. */
    private static int reduce(int value, int modulus) {
        return value + ((value >> 31) & modulus);
    }
}
