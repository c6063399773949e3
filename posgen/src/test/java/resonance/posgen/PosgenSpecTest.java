package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PosgenSpecTest {

    /** Depends on the order of its tokens and on which are far, so a wrong window shows. */
    private record Weighted() implements TokenFunction {
        @Override
        public String commandName() {
            return "weighted";
        }

        @Override
        public int apply(int[] tokens, int far, int modulus) {
            long sum = 1;
            for (int token : tokens) {
                sum = (31 * sum + token) % modulus;
            }
            return (int) sum;
        }
    }

    private record Constant(int token) implements TokenFunction {
        @Override
        public String commandName() {
            return "constant";
        }

        @Override
        public int apply(int[] tokens, int far, int modulus) {
            return token;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "recursive,      2 0 3 1 6 3 6 2 3 0 4 2",
        "cot,            2 0 3 1 6 5 0 6 6 0 0 1",
        "semi-recursive, 2 0 3 1 6 5 5 2 1 4 1 0",
    })
    void reproducesTheSequencesOfThePapersFigureTwo(String task, String tokens) {
        PosgenSpec spec = new PosgenSpec(PosgenTask.named(task), 7, 1, 3, StandardFunction.MODULAR_ADDITION);
        int[] expected =
                Arrays.stream(tokens.split(" ")).mapToInt(Integer::parseInt).toArray();

        assertThat(spec.sequence(new int[] {2, 0, 3, 1}, 12)).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(PosgenTask.class)
    void everyTokenFollowsTheDefinitionForRandomRules(PosgenTask task) {
        Random random = new Random(20240301);
        TokenFunction[] functions = {
            StandardFunction.MODULAR_ADDITION,
            StandardFunction.MODULAR_ADDITION,
            StandardFunction.SQUARED_SINE,
            StandardFunction.ABSOLUTE_SINE,
            new Weighted()
        };
        for (int trial = 0; trial < 2_000; trial++) {
            TokenFunction function = functions[random.nextInt(functions.length)];
            int modulus = 1 + random.nextInt(trial % 2 == 0 ? 20 : Integer.MAX_VALUE - 1);
            if (function == StandardFunction.ABSOLUTE_SINE && modulus % 4 == 0) {
                modulus++;
            }
            int far = random.nextInt(6);
            int near = random.nextInt(far == 0 ? 1 : 0, 7);
            PosgenSpec spec = new PosgenSpec(task, modulus, far, near, function);
            int[] seeds = random.ints(spec.seedTokens(), 0, modulus).toArray();
            int length = spec.seedTokens() + random.nextInt(40);

            assertThat(spec.sequence(seeds, length))
                    .as("trial %d: %s from %s", trial, spec, Arrays.toString(seeds))
                    .containsExactly(SequenceOracle.grow(spec, seeds, length));
        }
    }

    @Test
    void largestModulusDoesNotOverflow() {
        for (PosgenTask task : PosgenTask.values()) {
            PosgenSpec spec = new PosgenSpec(task, Integer.MAX_VALUE, 2, 3, StandardFunction.MODULAR_ADDITION);
            int[] seeds = {Integer.MAX_VALUE - 1, 0, Integer.MAX_VALUE - 1, 1, Integer.MAX_VALUE - 1};

            assertThat(spec.sequence(seeds, 300)).containsExactly(SequenceOracle.grow(spec, seeds, 300));
        }
    }

    @Test
    void withoutFarTokensTheThreeTasksAreOne() {
        int[] seeds = {4, 1, 9};
        int[] recursive = new PosgenSpec(PosgenTask.RECURSIVE, 11, 0, 3, new Weighted()).sequence(seeds, 60);

        for (PosgenTask task : PosgenTask.values()) {
            assertThat(new PosgenSpec(task, 11, 0, 3, new Weighted()).sequence(seeds, 60))
                    .containsExactly(recursive);
        }
    }

    @Test
    void withoutNearTokensTheFarOnesAloneDecide() {
        // h = sum mod 10 of two far tokens: the two before, the first two, and two from a pointer that advances every
        // second token.
        assertThat(farOnly(PosgenTask.RECURSIVE)).containsExactly(3, 4, 7, 1, 8, 9, 7, 6);
        assertThat(farOnly(PosgenTask.CHAIN_OF_THOUGHT)).containsExactly(3, 4, 7, 7, 7, 7, 7, 7);
        assertThat(farOnly(PosgenTask.SEMI_RECURSIVE)).containsExactly(3, 4, 7, 7, 1, 1, 4, 4);
    }

    private static int[] farOnly(PosgenTask task) {
        return new PosgenSpec(task, 10, 2, 0, StandardFunction.MODULAR_ADDITION).sequence(new int[] {3, 4}, 8);
    }

    @Test
    void aVocabularyOfOneTokenHasOneSequence() {
        for (PosgenTask task : PosgenTask.values()) {
            for (StandardFunction function : StandardFunction.values()) {
                assertThat(new PosgenSpec(task, 1, 1, 3, function).sequence(new int[4], 9))
                        .containsExactly(new int[9]);
            }
        }
    }

    @Test
    void extendLeavesTheNeighboursAlone() {
        int[] tokens = new int[40];
        Arrays.fill(tokens, -1);
        System.arraycopy(new int[] {2, 0, 3, 1}, 0, tokens, 10, 4);

        new PosgenSpec(PosgenTask.RECURSIVE, 7, 1, 3, StandardFunction.MODULAR_ADDITION).extend(tokens, 10, 22);

        assertThat(Arrays.copyOfRange(tokens, 10, 22)).containsExactly(2, 0, 3, 1, 6, 3, 6, 2, 3, 0, 4, 2);
        assertThat(Arrays.copyOfRange(tokens, 0, 10)).containsOnly(-1);
        assertThat(Arrays.copyOfRange(tokens, 22, 40)).containsOnly(-1);
    }

    @Test
    void paperRuleIsTheOneOfTheExperiment() {
        assertThat(PosgenSpec.paper(PosgenTask.RECURSIVE))
                .isEqualTo(new PosgenSpec(PosgenTask.RECURSIVE, 17, 1, 3, StandardFunction.MODULAR_ADDITION));
    }

    @Test
    void refusesRulesOutOfRange() {
        refused(0, 1, 3, "modulus must be at least 1, was 0");
        refused(17, -1, 3, "far must be at least 0, was -1");
        refused(17, 1, -1, "near must be at least 0, was -1");
        refused(17, 0, 0, "far + near must be at least 1, was 0; a token must depend on another");
        refused(17, Integer.MAX_VALUE, 3, "far + near must be at most 2147483647, was 2147483650");
    }

    private static void refused(int modulus, int far, int near, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new PosgenSpec(PosgenTask.RECURSIVE, modulus, far, near, StandardFunction.MODULAR_ADDITION))
                .withMessage(message);
    }

    @Test
    void refusesAbsoluteSineWhereItLeavesTheVocabulary() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PosgenSpec(PosgenTask.RECURSIVE, 12, 1, 3, StandardFunction.ABSOLUTE_SINE))
                .withMessage("modulus must not be a multiple of 4 with function absolute-sine, was 12; a quarter turn"
                        + " would give the token 12, outside the vocabulary: take another modulus or function");
    }

    @Test
    void refusesAFunctionThatLeavesTheVocabulary() {
        PosgenSpec spec = new PosgenSpec(PosgenTask.RECURSIVE, 7, 1, 3, new Constant(7));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.sequence(new int[] {2, 0, 3, 1}, 12))
                .withMessage("function constant must return a token in 0 ... 6, was 7");
    }

    @Test
    void refusesAFunctionWhoseNameWouldNotFitAManifest() {
        TokenFunction quoted = new TokenFunction() {
            @Override
            public String commandName() {
                return "my \"function\"";
            }

            @Override
            public int apply(int[] tokens, int far, int modulus) {
                return 0;
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PosgenSpec(PosgenTask.RECURSIVE, 7, 1, 3, quoted))
                .withMessage("function name must be lower-case letters, digits and hyphens, starting with a letter,"
                        + " was 'my \"function\"'");
    }

    @Test
    void refusesSeedsAndLengthsThatDoNotFitTheRule() {
        PosgenSpec spec = PosgenSpec.paper(PosgenTask.RECURSIVE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.sequence(new int[] {1, 2, 3}, 12))
                .withMessage("seeds must be far + near = 4 tokens, was 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.sequence(new int[] {1, 2, 3, 17}, 12))
                .withMessage("seed must be in 0 ... 16, was 17");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.sequence(new int[] {1, 2, 3, 4}, 3))
                .withMessage("length must be at least far + near = 4, was 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.extend(new int[20], 0, 3))
                .withMessage("length must be at least far + near = 4, was 3");
    }
}
