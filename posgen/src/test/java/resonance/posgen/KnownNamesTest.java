package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
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
    void suggestsTheNearestName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenTask.named("semi-recurrent"))
                .withMessage("task 'semi-recurrent' is unknown; known: recursive, cot, semi-recursive"
                        + "; did you mean 'semi-recursive'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StandardFunction.named("modular-adition"))
                .withMessage("function 'modular-adition' is unknown; known: modular-addition, squared-sine,"
                        + " absolute-sine; did you mean 'modular-addition'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SequenceFormat.named("json"))
                .withMessage("format 'json' is unknown; known: text, jsonl; did you mean 'jsonl'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenTask.named("CoT"))
                .withMessage("task 'CoT' is unknown; known: recursive, cot, semi-recursive; did you mean 'cot'?");
    }

    @Test
    void suggestsNothingWhereNothingIsNear() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenTask.named("addition"))
                .withMessage("task 'addition' is unknown; known: recursive, cot, semi-recursive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenTask.named(""))
                .withMessage("task '' is unknown; known: recursive, cot, semi-recursive");
    }
}
