package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PosgenRefusalTest {
    private static final PosgenSpec PAPER = PosgenSpec.paper(PosgenTask.RECURSIVE);

    private static PosgenSpec rule(int modulus, int far, int near) {
        return new PosgenSpec(PosgenTask.RECURSIVE, modulus, far, near, StandardFunction.MODULAR_ADDITION);
    }

    private static void refused(ThrowingCallable call, String parameter, String message) {
        assertThatExceptionOfType(PosgenRefusal.class).isThrownBy(call).satisfies(refusal -> {
            assertThat(refusal.parameter()).isEqualTo(parameter);
            assertThat(refusal.message(name -> "--" + name)).isEqualTo(message);
            assertThat(refusal).hasMessage(message.replace("--", ""));
        });
    }

    @Test
    void aRuleIsRefusedInTheNamesOfWhoAsks() {
        refused(() -> rule(0, 1, 3), "modulus", "--modulus must be at least 1, was 0");
        refused(() -> rule(17, -1, 3), "far", "--far must be at least 0, was -1");
        refused(() -> rule(17, 1, -3), "near", "--near must be at least 0, was -3");
        refused(
                () -> rule(17, 0, 0),
                "far",
                "--far + --near must be at least 1, was 0; a token must depend on another");
        refused(
                () -> rule(17, Integer.MAX_VALUE, 1),
                "far",
                "--far + --near must be at most 2147483647, was 2147483648");
    }

    @Test
    void sizesAreRefusedInTheNamesOfWhoAsks() {
        refused(() -> PosgenSplits.draw(PAPER, 0, 1, 1, 8, 8, 1), "trainRows", "--trainRows must be at least 1, was 0");
        refused(
                () -> PosgenSplits.draw(PAPER, 1, -1, 1, 8, 8, 1),
                "validationRows",
                "--validationRows must be at least 0, was -1");
        refused(() -> PosgenSplits.draw(PAPER, 1, 1, -2, 8, 8, 1), "testRows", "--testRows must be at least 0, was -2");
        refused(
                () -> PosgenSplits.draw(rule(2, 1, 1), 3, 1, 1, 8, 8, 1),
                "trainRows",
                "--trainRows + --validationRows + --testRows must be at most modulus^(far + near) = 2^2 = 4, was 5;"
                        + " take a larger modulus, far or near, or fewer rows");
    }

    @Test
    void asManyRowsAsThereAreSeedsAreDrawn() {
        PosgenSplits all = PosgenSplits.draw(rule(2, 1, 1), 2, 1, 1, 8, 8, 1);
        assertThat(all.sets()).extracting(SequenceSet::rows).containsExactly(2, 1, 1);
    }
}
