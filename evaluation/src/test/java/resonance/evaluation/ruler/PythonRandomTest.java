package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

class PythonRandomTest {

    /** What CPython and NumPy drew one after the other from each seed; see samples.py beside the file. */
    @ParameterizedTest
    @CsvFileSource(resources = "/golden/ruler/draws.csv", numLinesToSkip = 1)
    void drawsWhatPythonDraws(ArgumentsAccessor row) {
        long seed = Long.parseLong(String.valueOf(row.getString(0)));
        PythonRandom random = new PythonRandom(seed);
        List<String> drawn = new ArrayList<>();
        drawn.add(Double.toHexString(random.unit()));
        drawn.add(Integer.toString(random.below(1)));
        drawn.add(Integer.toString(random.below(6_185_184)));
        drawn.add(Integer.toString(random.between(1_000_000, 9_999_999)));
        drawn.add(random.letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 12));
        drawn.add(random.uuid().toString());
        int[][] sizes = {{1, 1}, {21, 5}, {22, 5}, {40, 4}, {85, 6}, {86, 6}, {1000, 900}};
        for (int[] size : sizes) {
            int[] places = random.places(size[0], size[1]);
            drawn.add(joined(Arrays.stream(places, Math.max(0, places.length - 5), places.length)));
        }
        List<Integer> shuffled = IntStream.range(0, 30).boxed().collect(Collectors.toCollection(ArrayList::new));
        random.shuffle(shuffled);
        drawn.add(joined(shuffled.stream().mapToInt(i -> i)));
        NumpyRandom numpy = new NumpyRandom((int) seed);
        drawn.add(joined(IntStream.range(0, 5).map(i -> numpy.between(10_000, 99_999))));
        drawn.add(joined(IntStream.of(1, 2, 3, 1000, Integer.MAX_VALUE).map(width -> numpy.between(7, 7 + width))));
        List<String> expected =
                IntStream.range(1, row.size()).mapToObj(row::getString).toList();
        assertThat(drawn).isEqualTo(expected);
    }

    @Test
    void theSignOfASeedDoesNotCount() {
        assertThat(new PythonRandom(-42).unit()).isEqualTo(new PythonRandom(42).unit());
    }

    @Test
    void cannotDrawMorePlacesThanThereAre() {
        assertThatThrownBy(() -> new PythonRandom(1).places(3, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count must be at most 3, was 4");
    }

    private static String joined(IntStream numbers) {
        return numbers.mapToObj(Integer::toString).collect(Collectors.joining("-"));
    }
}
