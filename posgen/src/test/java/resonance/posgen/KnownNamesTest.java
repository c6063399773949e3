package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class KnownNamesTest {

    @Test
    void findsEverythingByItsCommandLineName() {
        for (PosgenTask task : PosgenTask.values()) {
            assertThat(PosgenTask.named(task.commandName())).isEqualTo(task);
        }
        for (StandardFunction function : StandardFunction.values()) {
            assertThat(StandardFunction.named(function.commandName())).isEqualTo(function);
        }
        for (SequenceFormat format : SequenceFormat.values()) {
            assertThat(SequenceFormat.named(format.commandName())).isEqualTo(format);
        }
    }

    @Test
    void refusesAnUnknownNameWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenTask.named("addition"))
                .withMessage("task 'addition' is unknown; known: recursive, cot, semi-recursive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StandardFunction.named("modular-adition"))
                .withMessage(
                        "function 'modular-adition' is unknown; known: modular-addition, squared-sine, absolute-sine, far-product, far-selection");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SequenceFormat.named(""))
                .withMessage("format '' is unknown; known: text, jsonl");
    }

    @Test
    void aRefusalCanBeSaidInOtherNames() {
        assertThatExceptionOfType(PosgenRefusal.class)
                .isThrownBy(() -> PosgenTask.named("{x}"))
                .satisfies(refusal -> {
                    assertThat(refusal.parameter()).isEqualTo("task");
                    assertThat(refusal.message(name -> "--" + name))
                            .isEqualTo("--task '{x}' is unknown; known: recursive, cot, semi-recursive");
                });
        PosgenSpec paper = PosgenSpec.paper(PosgenTask.RECURSIVE);
        assertThatExceptionOfType(PosgenRefusal.class)
                .isThrownBy(() -> PosgenSplits.draw(paper, 1, 1, 1, 64, 32, 0))
                .satisfies(refusal -> {
                    assertThat(refusal.parameter()).isEqualTo("testLength");
                    assertThat(refusal.message(name -> "<" + name + ">"))
                            .isEqualTo(
                                    "<testLength> must be at least the <trainLength>, 64, was 32; swap them or ask for a"
                                            + " longer test");
                });
    }
}
