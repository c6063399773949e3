package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static String loud(String name) {
        return "<" + name + ">";
    }

    @Test
    void theMessageIsTheThingTheRuleTheValueAndTheCure() {
        Refusal refusal = Refusal.was("headSize", "must be even", 63).cure("take 64");
        assertThat(refusal).hasMessage("headSize must be even, was 63; take 64");
        assertThat(refusal.parameter()).isEqualTo("headSize");
        assertThat(refusal.rule()).isEqualTo("must be even");
        assertThat(refusal.found()).isEqualTo("was 63");
        assertThat(refusal.cure()).isEqualTo("take 64");
    }

    @Test
    void everyParameterThatIsMentionedCanBeCalledOtherwise() {
        Refusal refusal = Refusal.of("{shortFactors}[3]", "must be above {base} (2.5)", "was {base}")
                .cure("give a larger {base}");
        assertThat(refusal.parameter()).isEqualTo("shortFactors");
        assertThat(refusal).hasMessage("shortFactors[3] must be above base (2.5), was {base}; give a larger base");
        assertThat(refusal.message(RefusalTest::loud))
                .isEqualTo("<shortFactors>[3] must be above <base> (2.5), was {base}; give a larger <base>");
    }

    @Test
    void numbersAreWrittenAsAPersonDoes() {
        assertThat(Refusal.was("factor", "must be more", 4.0)).hasMessage("factor must be more, was 4");
        assertThat(PlainNumber.text(4)).isEqualTo("4");
        assertThat(PlainNumber.text(-0.25)).isEqualTo("-0.25");
        assertThat(PlainNumber.text(1e15)).isEqualTo("1.0E15");
        assertThat(PlainNumber.text(1e300)).isEqualTo("1.0E300");
        assertThat(PlainNumber.text(Double.NaN)).isEqualTo("NaN");
        assertThat(PlainNumber.text(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    }

    @Test
    void anUnknownWordIsRefusedWithTheNearest() {
        assertThat(Refusal.unknown("task", "cott", List.of("recursive", "cot")))
                .hasMessage("task 'cott' is unknown; known: recursive, cot; did you mean 'cot'?");
        assertThat(Refusal.unknown("task", "{x}", List.of("cot")).message(RefusalTest::loud))
                .isEqualTo("<task> '{x}' is unknown; known: cot");
    }

    @Test
    void aListMustHaveSomethingAndNothingTwice() {
        assertThat(DistinctList.of("lengths", List.of(4, 2))).containsExactly(4, 2);
        assertThat(DistinctList.ascending("lengths", List.of(2, 4))).containsExactly(2, 4);
        assertThatThrownBy(() -> DistinctList.of("lengths", List.of()))
                .isInstanceOf(Refusal.class)
                .hasMessage("lengths must be at least one, was none");
        assertThatThrownBy(() -> DistinctList.of("lengths", List.of(2, 4, 2)))
                .isInstanceOf(Refusal.class)
                .hasMessage("lengths must not repeat, were [2, 4, 2]");
        assertThatThrownBy(() -> DistinctList.ascending("lengths", List.of(4, 2)))
                .isInstanceOf(Refusal.class)
                .hasMessage("lengths must ascend, were [4, 2]");
    }
}
