package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.IntBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class SequenceSetTest {

    private static final SequenceSet SET = SequenceSet.of(3, 1, 2, 3, 10, 20, 30);

    @Test
    void givesItsTokensByRowAndFlat() {
        assertThat(SET.rows()).isEqualTo(2);
        assertThat(SET.length()).isEqualTo(3);
        assertThat(SET.row(1)).containsExactly(10, 20, 30);
        assertThat(SET.token(0, 2)).isEqualTo(3);
        assertThat(SET).hasToString("2 sequences of 3 tokens");

        int[] target = new int[5];
        SET.copyRow(1, target, 1);
        assertThat(target).containsExactly(0, 10, 20, 30, 0);

        int[] flat = new int[6];
        SET.flat().get(flat);
        assertThat(flat).containsExactly(1, 2, 3, 10, 20, 30);
    }

    @Test
    void cannotBeChangedFromOutside() {
        int[] given = {1, 2, 3};
        SequenceSet set = SequenceSet.of(3, given);
        given[0] = 9;
        set.row(0)[1] = 9;
        IntBuffer flat = set.flat();

        assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> flat.put(0, 9));
        assertThat(set.row(0)).containsExactly(1, 2, 3);
    }

    @Test
    void dataHashIsTheHashOfTheTextForm() {
        // printf '1 2 3\n10 20 30' | sha256sum
        assertThat(SET.dataHash()).isEqualTo("e060f7d9c4d9293c37c445c7abea8dfdf035d5335bb5363b86eeb17e3ec283f9");
        // printf '' | sha256sum
        assertThat(SequenceSet.of(3).dataHash())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void refusesTokensThatMakeNoRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SequenceSet.of(0, 1))
                .withMessage("length must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SequenceSet.of(2, 1, 2, 3))
                .withMessage("tokens must be a multiple of length = 2, was 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SequenceSet.of(2, 1, -2))
                .withMessage("token must be at least 0, was -2");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> SET.token(0, 3))
                .withMessage("Index 3 out of bounds for length 3");
    }
}
