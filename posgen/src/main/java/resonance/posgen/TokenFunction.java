package resonance.posgen;

/**
 * The function h of PosGen: it makes one token of j + k earlier ones, V^(j+k) to V with V = {0 ... m-1}.
 *
 * <p>{@link StandardFunction} has the one of the paper's experiments and more. To plug in your own, implement this
 * interface, best as a record or an enum so that equal functions are equal; it must be a pure function of its arguments.
 * Sequences of {@link StandardFunction#MODULAR_ADDITION} are made with running sums; every other function is called once a
 * token.
 */
public interface TokenFunction {

    /**
     * The name written to manifests: lower-case letters, digits and hyphens, starting with a letter. It stands for the
     * function there, so no two functions should share one.
     */
    String commandName();

    /**
     * The next token.
     *
     * @param tokens the j far tokens followed by the k near ones, each in sequence order; the array is used again for the
     *     next token, so it must be neither changed nor kept
     * @param far j, how many of them are far
     * @param modulus m, the size of the vocabulary
     * @return a token in 0 ... modulus-1; anything else ends the generation with an {@link IllegalArgumentException}
     */
    int apply(int[] tokens, int far, int modulus);
}
