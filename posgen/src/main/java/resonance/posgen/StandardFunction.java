package resonance.posgen;

import java.util.Arrays;

/**
 * The functions h that come with PosGen; each depends on the sum of its j + k tokens only, written S below.
 *
 * <p>The authors' code has a fourth, on Python's string hash. That hash is salted anew in every process, so no two runs
 * agree, and it is left out.
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
    };

    private final String commandName;

    StandardFunction(String commandName) {
        this.commandName = commandName;
    }

    /** h as a function of the sum of its tokens. */
    abstract int ofSum(long sum, int modulus);

    @Override
    public String commandName() {
        return commandName;
    }

    @Override
    public int apply(int[] tokens, int modulus) {
        long sum = 0;
        for (int token : tokens) {
            sum += token;
        }
        return ofSum(sum, modulus);
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
