package resonance.posgen;

/**
 * The seeds of the authors' generator: all ascending choices of j + k different tokens in lexicographic order, and from the
 * first again after the last.
 */
final class SeedCombinations implements SeedSource {

    private final int modulus;
    private final int[] combination;

    /** @throws IllegalArgumentException if the vocabulary has fewer than j + k tokens */
    SeedCombinations(PosgenSpec spec) {
        modulus = spec.modulus();
        if (modulus < spec.seedTokens()) {
            throw new PosgenRefusal(
                    "{modulus} must be at least far + near = " + spec.seedTokens()
                            + " in compatibility mode, which seeds a sequence with different tokens",
                    ", was " + modulus + "; take a larger modulus, or a smaller far or near");
        }
        combination = new int[spec.seedTokens()];
        restartFrom(0, 0);
    }

    @Override
    public void next(int[] tokens, int start) {
        System.arraycopy(combination, 0, tokens, start, combination.length);
        for (int position = combination.length - 1; position >= 0; position--) {
            int largest = modulus - combination.length + position;
            if (combination[position] < largest) {
                restartFrom(position, combination[position] + 1);
                return;
            }
        }
        restartFrom(0, 0);
    }

    /** Sets the tokens from a position on to consecutive values. */
    private void restartFrom(int position, int value) {
        for (int index = position; index < combination.length; index++) {
            combination[index] = value + index - position;
        }
    }
}
