package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SequenceFormatTest {

    private static final SequenceSet SET = SequenceSet.of(3, 0, 9, 10, 999, 1000, 2147483647);

    @Test
    void textIsTokensJoinedBySpacesAndRowsByLineEnds() throws IOException {
        assertThat(written(SET, SequenceFormat.TEXT)).isEqualTo("0 9 10\n999 1000 2147483647");
    }

    @Test
    void jsonlIsAnObjectALine() throws IOException {
        assertThat(written(SET, SequenceFormat.JSONL))
                .isEqualTo("{\"tokens\":[0,9,10]}\n{\"tokens\":[999,1000,2147483647]}\n");
    }

    @Test
    void nothingIsWrittenForNoRows() throws IOException {
        assertThat(written(SequenceSet.of(3), SequenceFormat.TEXT)).isEmpty();
        assertThat(written(SequenceSet.of(3), SequenceFormat.JSONL)).isEmpty();
    }

    @Test
    void rowsOfAnyLengthCrossTheBufferWhole() throws IOException {
        Random random = new Random(77);
        for (int length : new int[] {1, 7, 5_957, 5_958, 40_000}) {
            for (int bound : new int[] {11, 2_000, Integer.MAX_VALUE}) {
                int[] tokens =
                        random.ints(2L * 40_000 / length * length, 0, bound).toArray();
                String expected =
                        Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(" "));

                assertThat(written(SequenceSet.of(length, tokens), SequenceFormat.TEXT)
                                .replace('\n', ' '))
                        .as("rows of %d tokens below %d", length, bound)
                        .isEqualTo(expected);
            }
        }
    }

    private static String written(SequenceSet set, SequenceFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(set, out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
