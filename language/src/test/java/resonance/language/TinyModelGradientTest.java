package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.ParameterLayout;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.reading.ModelReader;
import resonance.rope.LayerFrequencies;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.ActivationMemory;
import resonance.transformer.training.ActivationMemory.Choice;
import resonance.transformer.training.AdamW;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.Trainer;
import resonance.transformer.training.TrainerSettings;
import resonance.transformer.training.WarmUpSchedule;

/**
 * Gradients of tiny models of every architecture, opened from their files, against transformers' and PEFT's: of all parameters
 * and of adapters, with positions that skip and with texts packed into one row. The tolerance is ten times the error of
 * transformers' own float32.
 */
class TinyModelGradientTest {
    private static final int LENGTH = 20;
    private static final int RANK = 3;

    static Stream<Arguments> cases() throws Exception {
        return folders().stream()
                .flatMap(folder -> Stream.of("plain", "skipWise", "packed", "adapters")
                        .map(kind -> Arguments.of(folder.getFileName().toString(), kind, folder)));
    }

    private static List<Path> folders() throws Exception {
        return TinyModelParityTest.folders().stream()
                .filter(folder -> Files.exists(folder.resolve("gradients.json")))
                .toList();
    }

    @Test
    void everyGoldenFileIsThere() throws Exception {
        assertThat(folders()).hasSize(9);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void gradientsMatchTransformers(String name, String kind, Path folder) throws IOException {
        JsonNode golden =
                new ObjectMapper().readTree(folder.resolve("gradients.json").toFile());
        TokenBatch batch = batch(golden, kind);
        int longest = kind.equals("packed") ? LENGTH - golden.get("secondText").asInt() : batch.positionsNeeded();
        for (Choice choice : List.of(Choice.NEVER, Choice.ALWAYS)) {
            assertGradients(folder, golden.get(kind), kind.equals("adapters"), batch, longest, choice);
        }
    }

    private static void assertGradients(
            Path folder, JsonNode golden, boolean adapters, TokenBatch batch, int longest, Choice frugal)
            throws IOException {
        TrainerSettings settings = new TrainerSettings(
                        AdamW.DEFAULT,
                        new WarmUpSchedule(1e-3, 2, 0, WarmUpSchedule.Decay.CONSTANT),
                        Precision.FLOAT32,
                        1,
                        1)
                .with(new ActivationMemory(frugal, frugal));
        try (Model model = ModelReader.open(folder);
                Decoder decoder =
                        Decoder.read(layout(model.description(), adapters), model.weights(), ComputeDevice.CPU);
                Trainer trainer = new Trainer(
                        decoder, ownEncoding(model.description(), longest), batch.positionsNeeded(), settings)) {
            if (adapters) {
                fillAdapters(decoder);
            }
            float[] gradient = trainer.gradient(batch);
            JsonNode expected = golden.get("gradients");
            double tolerance = 10 * golden.get("float32Difference").asDouble();
            int compared = 0;
            for (ParameterLayout.Entry entry : decoder.layout().entries()) {
                if (entry.trained()) {
                    assertClose(entry.parameter().name(), entry.of(gradient), expected, tolerance);
                    compared++;
                }
            }
            for (LowRankAdapters.Place place : decoder.layout().adapterPlaces()) {
                String matrix = place.parameter().name();
                int middle = (int) place.secondOffset();
                assertClose(
                        matrix + ".first",
                        Arrays.copyOfRange(gradient, (int) place.offset(), middle),
                        expected,
                        tolerance);
                assertClose(
                        matrix + ".second",
                        Arrays.copyOfRange(gradient, middle, (int) place.end()),
                        expected,
                        tolerance);
                compared += 2;
            }
            assertThat(compared).isEqualTo(expected.size());
            assertThat(trainer.step(batch)).isCloseTo(golden.get("loss").asDouble(), within(2e-5));
        }
    }

    private static ParameterLayout layout(ModelDescription description, boolean adapters) {
        return adapters
                ? new ParameterLayout(description.decoder(), new LowRankAdapters(RANK, 6, LowRankAdapters.POSSIBLE, 1))
                : new ParameterLayout(description.decoder());
    }

    /** The numbers that the script gives them. */
    private static void fillAdapters(Decoder decoder) {
        float[] values = decoder.parameters();
        List<LowRankAdapters.Place> places = decoder.layout().adapterPlaces();
        for (int index = 0; index < places.size(); index++) {
            LowRankAdapters.Place place = places.get(index);
            for (long i = place.offset(); i < place.secondOffset(); i++) {
                values[(int) i] = (float) (0.3 * Math.sin(1.3 * (i - place.offset()) + index));
            }
            for (long i = place.secondOffset(); i < place.end(); i++) {
                values[(int) i] = (float) (0.2 * Math.cos(0.9 * (i - place.secondOffset()) + index));
            }
        }
        decoder.setParameters(values);
    }

    /** Norm, largest element and some elements of a tensor. */
    private static void assertClose(String name, float[] actual, JsonNode all, double tolerance) {
        JsonNode expected = all.get(name);
        double largest = expected.get(1).asDouble();
        double square = 0;
        for (float value : actual) {
            square += (double) value * value;
        }
        double norm = expected.get(0).asDouble();
        assertThat(Math.sqrt(square)).as("norm of " + name).isCloseTo(norm, within(tolerance * norm));
        for (int k = 0; k + 2 < expected.size(); k++) {
            int element = (int) (7919L * k % actual.length);
            assertThat((double) actual[element])
                    .as("%s, element %d", name, element)
                    .isCloseTo(expected.get(k + 2).asDouble(), within(tolerance * largest));
        }
    }

    private static TokenBatch batch(JsonNode golden, String kind) {
        int[] tokens = integers(golden.get("tokens"));
        int[] targets = integers(golden.get("targets"));
        int[] none = {};
        if (kind.equals("packed")) {
            int second = golden.get("secondText").asInt();
            int[] positions = new int[LENGTH];
            int[] firstSeen = new int[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                firstSeen[i] = i < second ? 0 : second;
                positions[i] = i - firstSeen[i];
            }
            return new TokenBatch(
                    1, LENGTH, Arrays.copyOf(tokens, LENGTH), Arrays.copyOf(targets, LENGTH), positions, firstSeen);
        }
        if (kind.equals("skipWise")) {
            int[] row = integers(golden.get("positions"));
            int[] positions = Arrays.copyOf(row, 2 * LENGTH);
            System.arraycopy(row, 0, positions, LENGTH, LENGTH);
            return new TokenBatch(2, LENGTH, tokens, targets, positions, none);
        }
        return new TokenBatch(2, LENGTH, tokens, targets);
    }

    private static RotaryEncoding ownEncoding(ModelDescription model, int length) {
        return new RotaryEncoding(new LayerFrequencies(
                model.rope().frequencies(length), model.slidingRope().frequencies(length)));
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }
}
