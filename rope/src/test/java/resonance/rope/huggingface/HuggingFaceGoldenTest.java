package resonance.rope.huggingface;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import resonance.rope.NoScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;

/** Whole configurations against golden/huggingface.tsv, computed by transformers in float32 (golden/huggingface.py). */
class HuggingFaceGoldenTest {
    /** Unit roundoff of float. */
    private static final double ROUNDOFF = Math.pow(2, -24);

    @Test
    void everyConfigurationMeansWhatTransformersComputes() throws IOException {
        int cases = 0;
        double worst = 0;
        for (String line : lines()) {
            String[] cells = line.split("\t", -1);
            String place = cells[0] + ", " + cells[1] + ", length " + cells[2];
            Map<String, ModelRope> layers = ModelRopeReader.read(config(cells[3]), TransformersVersion.V5)
                    .ropes();
            ModelRope rope = requireNonNull(layers.get(cells[1]), place);
            RopeFrequencies frequencies = rope.frequencies(Long.parseLong(cells[2]));
            // Python computes the attention scale in double with the same few operations.
            assertThat(frequencies.attentionScale()).as(place).isCloseTo(Double.parseDouble(cells[4]), within(1e-15));
            double[] expected = Arrays.stream(cells[5].split(" ", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(frequencies.pairs()).as(place).isEqualTo(expected.length);
            // What float32 can do: the exponent's rounding is amplified by ln(base); a ramp weight is off by a roundoff
            // of 1
            // and multiplies a frequency up to `slowing` times the result; about 8 more roundings of the result itself.
            double slowing = rope.shape().radiansPerToken(0) / frequencies.radiansPerToken(0);
            for (int pair = 0; pair < expected.length; pair++) {
                double own = rope.shape().radiansPerToken(pair);
                if (expected[pair] > 0) {
                    slowing = Math.max(slowing, own / expected[pair]);
                }
            }
            double tolerance = ROUNDOFF * (Math.log(rope.shape().base()) + slowing + 8);
            for (int pair = 0; pair < expected.length; pair++) {
                assertThat(frequencies.radiansPerToken(pair))
                        .as("%s, pair %s", place, pair)
                        .isCloseTo(expected[pair], within(tolerance * expected[pair]));
                if (expected[pair] > 0) {
                    worst = Math.max(worst, Math.abs(frequencies.radiansPerToken(pair) / expected[pair] - 1));
                }
            }
            cases++;
        }
        assertThat(cases).isEqualTo(374);
        assertThat(worst).as("largest relative difference of all").isLessThan(2e-6);
    }

    @Test
    void thePortableBlockIsTheOneThatTransformersWasGiven() throws IOException {
        String line = lines().stream()
                .filter(candidate -> candidate.startsWith("portable block\t"))
                .findFirst()
                .orElseThrow();
        Map<String, Object> given = config(line.split("\t", -1)[3]);
        RopeShape shape = RopeShape.of(64, 10_000, 4096);
        double[] rounded = new Resonance(new NoScaling()).frequencies(shape).radiansPerToken();
        Map<String, Object> written = ModelRopeWriter.portable(RopeFrequencies.of(rounded, 1.0693), shape, 64, 8192);
        given.keySet().retainAll(written.keySet());
        // Python's pow and Java's may differ in the last place of a divisor.
        assertThat(written)
                .usingRecursiveComparison()
                .withComparatorForType(HuggingFaceGoldenTest::compareTo15Digits, Double.class)
                .isEqualTo(given);
    }

    private static int compareTo15Digits(double left, double right) {
        return Math.abs(left - right) <= 1e-15 * Math.abs(right) ? 0 : Double.compare(left, right);
    }

    /** Reads "path=kind:value;..." as the generator writes it. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> config(String text) {
        Map<String, Object> config = new LinkedHashMap<>();
        for (String item : text.split(";", -1)) {
            int equals = item.indexOf('=');
            String[] path = item.substring(0, equals).split("\\.", -1);
            Map<String, Object> object = config;
            for (int i = 0; i < path.length - 1; i++) {
                object = (Map<String, Object>) object.computeIfAbsent(path[i], key -> new HashMap<String, Object>());
            }
            put(object, path[path.length - 1], item.charAt(equals + 1), item.substring(equals + 3));
        }
        return config;
    }

    @SuppressWarnings("NullAway") // JSON's null is null here
    private static void put(Map<String, Object> object, String key, char kind, String value) {
        switch (kind) {
            case 'i' -> object.put(key, Integer.valueOf(value));
            case 'f' -> object.put(key, Double.valueOf(value));
            case 's' -> object.put(key, value);
            case 'b' -> object.put(key, Boolean.valueOf(value));
            case 'n' -> object.put(key, null);
            case 'l' ->
                object.put(
                        key,
                        Arrays.stream(value.split(",", -1)).map(Double::valueOf).toList());
            case 't' -> object.put(key, List.of(value.split(",", -1)));
            default -> throw new IllegalArgumentException("kind " + kind + " is unknown");
        }
    }

    private static List<String> lines() throws IOException {
        try (InputStream stream = HuggingFaceGoldenTest.class.getResourceAsStream("/golden/huggingface.tsv")) {
            assertThat(stream).as("golden/huggingface.tsv").isNotNull();
            List<String> lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(2, lines.size());
        }
    }
}
