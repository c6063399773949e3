package resonance.posgen;

import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One PosGen rule: with it, j + k seed tokens determine a sequence of any length.
 *
 * <p>Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 5. Every token costs the same to predict wherever it
 * stands, so what a model loses beyond its trained length it loses to the positions. Paper to code: m = {@code modulus},
 * j = {@code far}, k = {@code near}, h = {@code function}. The authors' code names far and near the same way.
 *
 * @param task where the far tokens are
 * @param modulus m, the size of the vocabulary {0 ... m-1}, at least 1
 * @param far j, how many far tokens a token depends on, at least 0
 * @param near k, how many of the tokens just before it a token depends on, at least 0; j + k is at least 1
 * @param function h
 */
public record PosgenSpec(PosgenTask task, int modulus, int far, int near, TokenFunction function)
        implements BenchmarkTask {

    /** The vocabulary of the paper's experiment (section 6.1). */
    public static final int PAPER_MODULUS = 17;

    /** j of the paper's experiment (section 6.1). */
    public static final int PAPER_FAR = 1;

    /** k of the paper's experiment (section 6.1). */
    public static final int PAPER_NEAR = 3;

    private static final Pattern FUNCTION_NAME = Pattern.compile("[a-z][a-z0-9-]*");

    public PosgenSpec {
        requireNonNull(task, "task must not be null");
        requireNonNull(function, "function must not be null");
        PosgenRefusal.requireAtLeast("modulus", modulus, 1);
        PosgenRefusal.requireAtLeast("far", far, 0);
        PosgenRefusal.requireAtLeast("near", near, 0);
        if (far == 0 && near == 0) {
            throw new PosgenRefusal("{far} + {near} must be at least 1", ", was 0; a token must depend on another");
        }
        if (far > Integer.MAX_VALUE - near) {
            throw new PosgenRefusal(
                    "{far} + {near} must be at most " + Integer.MAX_VALUE, ", was " + ((long) far + near));
        }
        if (!FUNCTION_NAME.matcher(function.commandName()).matches()) {
            throw new IllegalArgumentException(
                    "function name must be lower-case letters, digits and hyphens, starting with a letter, was '"
                            + function.commandName() + "'");
        }
        if (function == StandardFunction.ABSOLUTE_SINE && modulus % 4 == 0) {
            throw new PosgenRefusal(
                    "{modulus} must not be a multiple of 4 with {function} absolute-sine",
                    ", was "
                            + modulus + "; a quarter turn would give the token " + modulus
                            + ", outside the vocabulary: take another modulus or function");
        }
    }

    /** The paper's experiment: m = 17, j = 1, k = 3, modular addition (section 6.1). */
    public static PosgenSpec paper(PosgenTask task) {
        return new PosgenSpec(task, PAPER_MODULUS, PAPER_FAR, PAPER_NEAR, StandardFunction.MODULAR_ADDITION);
    }

    /** How many tokens at the start of a sequence are given and not made by the rule: j + k. */
    public int seedTokens() {
        return far + near;
    }

    @Override
    public String commandName() {
        return task.commandName();
    }

    @Override
    public int vocabulary() {
        return modulus;
    }

    @Override
    public int firstScored() {
        return seedTokens();
    }

    /** Every token after the seeds counts: the rule makes it. */
    @Override
    public boolean scores(int[] tokens, int start, int position) {
        return position >= seedTokens();
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("modulus", modulus);
        settings.put("far", far);
        settings.put("near", near);
        settings.put("function", function.commandName());
        return settings;
    }

    @Override
    public void requireDrawable(long rows, int trainLength, int testLength) {
        requireRowsToPredict(trainLength);
        SeedDraw.requireEnough(this, rows);
    }

    /** Refuses training sequences of seeds alone. */
    void requireRowsToPredict(int trainLength) {
        if (trainLength <= seedTokens()) {
            throw new PosgenRefusal(
                    "{trainLength} must be more than far + near = " + seedTokens(),
                    ", was " + trainLength + "; shorter rows hold nothing to predict");
        }
    }

    /** Seeds are uniform over all m^(j+k) and never drawn twice. */
    @Override
    public SequenceSource source(long rows, int trainLength, long seed) {
        return grown(new SeedDraw(this, rows, seed));
    }

    /** The sequences that grow from the seeds of a source. */
    SequenceSource grown(SeedSource seeds) {
        return (tokens, start, end) -> {
            seeds.next(tokens, start);
            extend(tokens, start, end);
        };
    }

    /**
     * The sequence that grows from some seeds.
     *
     * @param seeds j + k tokens in 0 ... modulus-1
     * @param length tokens of the result, seeds included, at least j + k
     * @throws IllegalArgumentException if seeds or length do not fit the rule, or h leaves the vocabulary
     */
    public int[] sequence(int[] seeds, int length) {
        if (seeds.length != seedTokens()) {
            throw new IllegalArgumentException(
                    "seeds must be far + near = " + seedTokens() + " tokens, was " + seeds.length);
        }
        requireRoom(length);
        for (int seed : seeds) {
            if (seed < 0 || seed >= modulus) {
                throw new IllegalArgumentException("seed must be in 0 ... " + (modulus - 1) + ", was " + seed);
            }
        }
        int[] tokens = new int[length];
        System.arraycopy(seeds, 0, tokens, 0, seeds.length);
        extend(tokens, 0, length);
        return tokens;
    }

    /**
     * Fills the rest of one sequence in place, in memory that may hold many.
     *
     * @param tokens the first j + k from {@code start} on are seeds in 0 ... modulus-1, which is not checked
     * @param start index of the sequence's first token
     * @param end index after its last token, at least {@code start} + j + k
     * @throws IllegalArgumentException if there is no room for the seeds, or h leaves the vocabulary
     * @throws IndexOutOfBoundsException if start to end is not a stretch of {@code tokens}
     */
    public void extend(int[] tokens, int start, int end) {
        checkFromToIndex(start, end, tokens.length);
        requireRoom(end - start);
        if (function == StandardFunction.MODULAR_ADDITION) {
            ModularAddition.extend(this, tokens, start, end);
        } else {
            extendByCalls(tokens, start, end);
        }
    }

    private void requireRoom(int length) {
        if (length < seedTokens()) {
            throw new IllegalArgumentException(
                    "length must be at least far + near = " + seedTokens() + ", was " + length);
        }
    }

    private void extendByCalls(int[] tokens, int start, int end) {
        int[] inputs = new int[seedTokens()];
        for (int index = start + seedTokens(); index < end; index++) {
            int firstFar = start + task.firstFarPosition(index - start, seedTokens());
            System.arraycopy(tokens, firstFar, inputs, 0, far);
            System.arraycopy(tokens, index - near, inputs, far, near);
            int token = function.apply(inputs, far, modulus);
            if (token < 0 || token >= modulus) {
                throw new IllegalArgumentException("function " + function.commandName()
                        + " must return a token in 0 ... " + (modulus - 1) + ", was " + token);
            }
            tokens[index] = token;
        }
    }
}
