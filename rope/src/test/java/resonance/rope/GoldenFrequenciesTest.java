package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Frequencies against golden/frequencies.tsv, computed by golden/frequencies.py with 40 digits. */
class GoldenFrequenciesTest {
    // Every step here is one or two double operations; pow and log are within an ulp, and the largest amplification is
    // ln(base) of an ulp in the exponent. 1e-12 leaves a factor of about 500 over what is seen (below 2e-15).
    private static final double RELATIVE = 1e-12;

    private static final RopeEncodings ENCODINGS = RopeEncodings.standard().forTraining();

    @Test
    void everyScalingMatchesItsFormulaTo12Digits() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (String line : lines()) {
            String[] cells = line.split("\t", -1);
            RopeShape shape = new RopeShape(
                    Integer.parseInt(cells[2]),
                    Double.parseDouble(cells[3]),
                    Integer.parseInt(cells[4]),
                    Long.parseLong(cells[5]));
            RopeFrequencies frequencies =
                    ENCODINGS.encoding(cells[0]).scaling(settings(cells[1])).frequencies(shape);
            double[] expected = Arrays.stream(cells[7].split(" ", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            String place = cells[0] + " " + cells[1] + " " + shape;
            assertThat(frequencies.pairs()).as(place).isEqualTo(expected.length);
            assertThat(frequencies.attentionScale())
                    .as(place)
                    .isCloseTo(Double.parseDouble(cells[6]), within(RELATIVE));
            for (int pair = 0; pair < expected.length; pair++) {
                assertThat(frequencies.radiansPerToken(pair))
                        .as("%s, pair %s", place, pair)
                        .isCloseTo(expected[pair], within(RELATIVE * expected[pair]));
            }
            seen.add(cells[0]);
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(ENCODINGS.encodings().stream()
                        .filter(EncodingName::rotates)
                        .map(EncodingName::toString)
                        .toList());
    }

    private static ScalingSettings settings(String text) {
        ScalingSettings settings = ScalingSettings.DEFAULTS;
        for (String item : text.isEmpty() ? new String[0] : text.split(";", -1)) {
            String[] parts = item.split("=", -1);
            List<Double> values =
                    Arrays.stream(parts[1].split(",", -1)).map(Double::valueOf).toList();
            Parameter<?> parameter = ENCODINGS.parameter(parts[0]);
            settings = settings.with(
                    parameter,
                    switch (parameter.kind()) {
                        case NUMBER, OPTIONAL_NUMBER -> values.get(0);
                        case FLAG -> values.get(0) != 0;
                        case NUMBERS -> values;
                    });
        }
        return settings;
    }

    private static List<String> lines() throws IOException {
        try (InputStream stream = GoldenFrequenciesTest.class.getResourceAsStream("/golden/frequencies.tsv")) {
            assertThat(stream).as("golden/frequencies.tsv").isNotNull();
            List<String> lines = new ArrayList<>(new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
            return lines.subList(2, lines.size());
        }
    }

    @Test
    void yarnWithoutMscaleHasTheLogarithmicAttentionScale() {
        YarnScaling yarn = new YarnScaling(4, 32, 1, true, OptionalDouble.empty(), 1, 0);
        assertThat(yarn.attentionScale()).isEqualTo(0.1 * Math.log(4) + 1);
    }
}
