package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import resonance.model.EncodingChoice;
import resonance.rope.PositionRemap;
import resonance.rope.RectifiedRope;
import resonance.rope.ScalingSettings;
import resonance.rope.SelfExtend;
import resonance.rope.ShiftedRope;
import resonance.transformer.inference.PassListener;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.position.RemappedRotary;
import resonance.transformer.tensor.Precision;

class PositionRemapsOfTheShippedModelTest {
    private static final Path FOLDER = Path.of("../shipped/model");

    private static JsonNode golden(String name) throws IOException {
        try (InputStream in = PositionRemapsOfTheShippedModelTest.class.getResourceAsStream("/golden/" + name)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    /** In PyTorch every pair of tokens is turned by its own distance. */
    @Test
    void agreesWithPairsOfTokensTurnedOneByOne() throws IOException {
        int[] ids = new ObjectMapper().convertValue(golden("shipped-model.json").get("ids"), int[].class);
        JsonNode expected = golden("position-remaps.json");
        Map<String, PositionRemap> remaps = Map.of(
                "selfExtend", new SelfExtend(64, 5),
                "rerope", new RectifiedRope(64, 256),
                "string", new ShiftedRope(200, 64));
        try (LanguageModel model = LanguageModel.open(FOLDER, Precision.FLOAT32, 2)) {
            EncodingChoice own = EncodingChoice.of("model", ScalingSettings.DEFAULTS);
            remaps.forEach((name, remap) -> {
                RemappedRotary encoding =
                        new RemappedRotary(own.frequencies(model.description().positions(), ids.length), remap);
                float[] losses = model.decoder()
                        .negativeLogLikelihoods(encoding, List.of(new TokenWindow(ids, 1)), PassListener.SILENT)[0];
                assertThat(losses).hasSize(expected.get(name).size());
                for (int i = 0; i < losses.length; i++) {
                    // float32 sums of a few hundred terms, against float64
                    assertThat((double) losses[i])
                            .as("%s, token %d", name, i + 1)
                            .isCloseTo(expected.get(name).get(i).doubleValue(), offset(2e-4));
                }
            });
        }
    }
}
