package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's Java example, compiled and run; the README must show exactly these lines. */
class ReadmeExampleTest {
    @Test
    void theExampleRunsAndIsWhatTheReadmeShows() throws IOException {
        // example begins
        RopeShape llama = RopeShape.of(128, 10_000, 4096); // head size, base, trained length
        RopeScaling encoding = new Resonance(new YarnScaling(8)); // Resonance over any scaling
        RopeFrequencies frequencies = encoding.frequencies(llama); // radians per token and whole periods
        float[] cosines = new float[64];
        float[] sines = new float[64];
        RotaryTable.of(frequencies).fill(1_000_000_000_000L, 1, cosines, sines); // position 10^12, exact
        // example ends
        long period = frequencies.periodTokens(5);
        float[] repeated = new float[64];
        RotaryTable.of(frequencies).fill(1_000_000_000_000L % period, 1, repeated, new float[64]);
        assertThat(cosines[5]).isEqualTo(repeated[5]);
        assertThat(sines[5] * sines[5] + cosines[5] * cosines[5])
                .isCloseTo((float) (frequencies.attentionScale() * frequencies.attentionScale()), within(1e-6f));

        List<String> source = Files.readAllLines(Path.of("src/test/java/resonance/rope/ReadmeExampleTest.java"));
        int from = indexOf(source, "// example begins");
        List<String> example = source.subList(from + 1, indexOf(source, "// example ends")).stream()
                .map(String::strip)
                .toList();
        assertThat(Files.readAllLines(Path.of("../README.md"))).containsSequence(example);
    }

    private static int indexOf(List<String> lines, String marker) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(marker)) {
                return i;
            }
        }
        throw new IllegalStateException("marker must be in the source, was not: " + marker);
    }
}
