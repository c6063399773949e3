package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.Placement;
import resonance.model.reading.ModelReader;
import resonance.rope.Parameter;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingSettings;
import resonance.serving.export.CarriedFiles;
import resonance.serving.export.Export;
import resonance.serving.export.ExportOutput;
import resonance.serving.export.ServedEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.Precision;

/**
 * Tiny models exported for transformers: the configurations are those that {@code exported_models.py} gave to stock
 * transformers, and our decoder with the encoding computes the logits that transformers computed from them, below and
 * beyond the trained length.
 */
class ExportedModelParityTest {
    private static final int CASES = 56;
    private static final int CONTEXT = 64;

    @ParameterizedTest
    @MethodSource("exports")
    void theConfigurationIsTheOneThatTransformersRead(Golden golden, @TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        try (Model model = ModelReader.open(golden.model())) {
            Export.of(model, ServedEncoding.of(model.positions(), golden.encoding(), CONTEXT), "test")
                    .write(out, new ExportOutput(CarriedFiles.COPY, false), (done, all) -> {}, () -> false);
        }
        JsonNode config = new ObjectMapper().readTree(out.resolve("config.json").toFile());
        golden.json()
                .get("config")
                .properties()
                .forEach(key ->
                        assertThat(config.get(key.getKey())).as(key.getKey()).isEqualTo(key.getValue()));
        for (String key : List.of("rope_scaling", "rope_parameters", "original_max_position_embeddings")) {
            assertThat(config.has(key))
                    .as(key)
                    .isEqualTo(golden.json().get("config").has(key));
        }
    }

    @ParameterizedTest
    @MethodSource("exports")
    void ourDecoderComputesWhatTransformersComputesFromTheExport(Golden golden) throws IOException {
        JsonNode json = golden.json();
        int[] tokens = new int[json.get("tokens").size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = json.get("tokens").get(i).asInt();
        }
        try (LanguageModel model = LanguageModel.open(golden.model(), Precision.FLOAT32, 1)) {
            float[] logits = model.decoder()
                    .logits(
                            new RotaryEncoding(golden.encoding()
                                    .frequencies(model.description().positions(), CONTEXT)),
                            tokens);
            int vocabulary = logits.length / tokens.length;
            double largest = 0;
            for (int row = 0; row < json.get("positions").size(); row++) {
                int position = json.get("positions").get(row).asInt();
                for (int i = 0; i < vocabulary; i++) {
                    double expected = json.get("logits").get(row).get(i).asDouble();
                    largest = Math.max(largest, Math.abs(logits[position * vocabulary + i] - expected));
                }
            }
            assertThat(largest).isLessThan(10 * json.get("float32Difference").asDouble());
        }
    }

    @Test
    void everyGoldenExportIsThere() throws Exception {
        assertThat(exports()).hasSize(CASES);
        assertThat(exports().map(golden -> golden.encoding().name()).distinct())
                .containsExactlyInAnyOrderElementsOf(EncodingChoice.names());
    }

    static Stream<Golden> exports() throws IOException, URISyntaxException {
        Path tiny = resource("tiny-models");
        JsonNode document = new ObjectMapper()
                .readTree(resource("exported-models").resolve("golden.json").toFile());
        List<Golden> exports = new ArrayList<>();
        for (JsonNode export : document.get("exports")) {
            exports.add(
                    new Golden(tiny.resolve(export.get("model").asText()), encoding(export.get("options")), export));
        }
        return exports.stream();
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ExportedModelParityTest.class.getResource(name))
                .toURI());
    }

    /** One export: a model, the encoding, and the script's record of it. */
    record Golden(Path model, EncodingChoice encoding, JsonNode json) {
        @Override
        public String toString() {
            return model.getFileName() + " " + encoding;
        }
    }

    /** The encoding that options of the command line ask for. */
    private static EncodingChoice encoding(JsonNode options) {
        ScalingSettings settings = ScalingSettings.ofFactor(4);
        String scaling = "";
        boolean resonance = false;
        Iterator<JsonNode> words = options.elements();
        while (words.hasNext()) {
            String word = words.next().asText();
            switch (word) {
                case "--scaling" -> scaling = words.next().asText();
                case "--resonance" -> resonance = true;
                case "--length" -> assertThat(words.next().asInt()).isEqualTo(CONTEXT);
                default ->
                    settings = with(settings, word.substring(2), words.next().asText());
            }
        }
        return EncodingChoice.of((resonance ? "resonance-" : "") + scaling, settings)
                .placed(Placement.REPLACE);
    }

    private static ScalingSettings with(ScalingSettings settings, String option, String value) {
        Parameter<?> read = RopeEncodings.standard().parameters().stream()
                .filter(parameter -> parameter.option().equals(option))
                .findFirst()
                .orElseThrow();
        return settings.with(read, read.kind() == Parameter.Kind.NUMBERS ? numbers(value) : Double.valueOf(value));
    }

    private static List<Double> numbers(String text) {
        return Stream.of(text.split(",", -1)).map(Double::valueOf).toList();
    }
}
