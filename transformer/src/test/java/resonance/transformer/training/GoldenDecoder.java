package resonance.transformer.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.EmbeddingSettings;
import resonance.decoder.FeedForwardKind;
import resonance.decoder.FeedForwardShape;
import resonance.decoder.NormSettings;
import resonance.decoder.ParameterLayout;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;

/** One of the reference files in {@code golden/}, which its script computed with PyTorch in float64. */
record GoldenDecoder(JsonNode file) {
    static GoldenDecoder named(String name) {
        try (InputStream in =
                Objects.requireNonNull(GoldenDecoder.class.getResourceAsStream("/golden/" + name + ".json"))) {
            return new GoldenDecoder(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DecoderConfig config() {
        JsonNode settings = file.get("settings");
        return new DecoderConfig(
                settings.get("vocabularySize").asInt(),
                settings.get("modelSize").asInt(),
                AttentionKind.full(settings.get("layers").asInt()),
                new AttentionShape(
                        settings.get("heads").asInt(),
                        settings.get("keyValueHeads").asInt(),
                        settings.get("headSize").asInt(),
                        settings.get("queryKeyValueBias").asBoolean(),
                        settings.get("attentionScale").asDouble()),
                new FeedForwardShape(
                        settings.get("gated").asBoolean() ? FeedForwardKind.SWIGLU : FeedForwardKind.RELU,
                        settings.get("feedForwardSize").asInt()),
                NormSettings.plain(settings.get("normEpsilon").asDouble()),
                new EmbeddingSettings(
                        settings.get("tiedEmbedding").asBoolean(),
                        1,
                        settings.get("logitScale").asDouble()),
                0);
    }

    PositionEncoding encoding() {
        double base = file.get("settings").get("rotaryBase").asDouble();
        return RotaryEncoding.of(
                new NoScaling().frequencies(RopeShape.of(config().attention().headSize(), base, 64)));
    }

    TokenBatch batch() {
        JsonNode shape = file.get("tokens").get("shape");
        return new TokenBatch(
                shape.get(0).asInt(),
                shape.get(1).asInt(),
                integers(file.get("tokens").get("values")),
                integers(file.get("targets").get("values")));
    }

    /** The tensors under a key, joined in the order of the layout. */
    float[] flat(JsonNode tensors, ParameterLayout layout) {
        float[] values = new float[Math.toIntExact(layout.size())];
        for (ParameterLayout.Entry entry : layout.entries()) {
            float[] part = floats(tensors.get(entry.parameter().name()).get("values"));
            System.arraycopy(part, 0, values, (int) entry.offset(), part.length);
        }
        return values;
    }

    /** The ten training steps with or without cycled momentum. */
    JsonNode training(boolean cyclesMomentum) {
        for (JsonNode run : file.get("training")) {
            if (run.get("cycleMomentum").asBoolean() == cyclesMomentum) {
                return run;
            }
        }
        throw new IllegalStateException(
                "the golden file must have a training run with cycleMomentum " + cyclesMomentum);
    }

    /** Ten times the difference PyTorch's own float32 has from these float64 values. */
    double tolerance(String what) {
        return 10 * file.get("float32Differences").get(what).asDouble();
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }
}
