package resonance.posgen;

import java.util.Arrays;

/**
 * The functions h that come with PosGen. S is the sum of all j + k tokens.
 *
 * <p>The first three are the authors' and depend on S alone. Their code has a fourth, on Python's string hash. That hash is
 * salted anew in every process, so no two runs agree, and it is left out. The last two are ours: with them no near tokens
 * determine the next one, which {@link RuleInspection} shows and which modular addition fails.
 *
 * <p>Sines are {@link StrictMath}'s, the same on every machine. For every modulus up to 257 and j + k up to 8 the tokens are
 * those of the authors' code on glibc (a golden test).
 */
public enum StandardFunction implements TokenFunction {

    /** S mod m, the function of the paper's experiments ({@code mod_addition} in the authors' code). */
    MODULAR_ADDITION("modular-addition") {
        @Override
        int ofSum(long sum, int modulus) {
            return (int) (sum % modulus);
        }
    },

    /** floor(sin(S)^2 * m) ({@code pow_sin} in the authors' code). */
    SQUARED_SINE("squared-sine") {
        @Override
        int ofSum(long sum, int modulus) {
            double sine = StrictMath.sin((double) sum);
            return (int) Math.floor(sine * sine * modulus);
        }
    },

    /**
     * floor(|sin(2 pi (S mod m) / m)| * m) ({@code pow_sin_2pi} in the authors' code).
     *
     * <p>Where m is a multiple of 4 a quarter turn gives the token m itself, which is outside the vocabulary. The authors'
     * code writes it; {@link PosgenSpec} refuses such a modulus.
     */
    ABSOLUTE_SINE("absolute-sine") {
        @Override
        int ofSum(long sum, int modulus) {
            double turn = 2 * Math.PI * (sum % modulus) / modulus;
            return (int) Math.floor(Math.abs(StrictMath.sin(turn)) * modulus);
        }
    },

    /**
     * (F N + t) mod m with F the sum of the far tokens, N that of the near ones and t the last token. The far tokens can be
     * solved for from near ones that were made with them, but only by a division modulo m.
     */
    FAR_PRODUCT("far-product") {
        @Override
        public int apply(int[] tokens, int far, int modulus) {
            long product = sum(tokens, 0, far) % modulus * (sum(tokens, far, tokens.length) % modulus);
            return (int) ((product + tokens[tokens.length - 1]) % modulus);
        }
    },

    /**
     * (f + N) mod m with N the sum of the near tokens and f one of the far ones, the one whose index is the last token mod j.
     * Each near token is made with one of the j far ones only, so near tokens tell little of the one that is wanted. With one
     * far token it is modular addition; without any, f is 0.
     */
    FAR_SELECTION("far-selection") {
        @Override
        public int apply(int[] tokens, int far, int modulus) {
            long selected = far == 0 ? 0 : tokens[tokens[tokens.length - 1] % far];
            return (int) ((selected + sum(tokens, far, tokens.length)) % modulus);
        }
    };

    private final String commandName;

    StandardFunction(String commandName) {
        this.commandName = commandName;
    }

    /** h as a function of the sum of its tokens, where it is one. */
    int ofSum(long sum, int modulus) {
        throw new IllegalStateException(name() + " is not a function of the sum");
    }

    private static long sum(int[] tokens, int from, int to) {
        long sum = 0;
        for (int index = from; index < to; index++) {
            sum += tokens[index];
        }
        return sum;
    }

    @Override
    public String commandName() {
        return commandName;
    }

    @Override
    public int apply(int[] tokens, int far, int modulus) {
        return ofSum(sum(tokens, 0, tokens.length), modulus);
    }

    /**
     * The function with the given command-line name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names and suggests the nearest
     */
    public static StandardFunction named(String name) {
        return KnownNames.find("function", name, Arrays.asList(values()), StandardFunction::commandName);
    }
}
