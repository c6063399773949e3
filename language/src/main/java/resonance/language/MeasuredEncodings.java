package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import resonance.evaluation.MeasuredModel;
import resonance.model.EncodingChoice;
import resonance.rope.LayerFrequencies;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeSettings;
import resonance.study.Sha256;

/** A model under every encoding and length that a run measures. */
final class MeasuredEncodings {
    private final LanguageModel model;
    private final String modelHash;
    private final RopeSettings rope;
    private final boolean automaticFactor;
    private final String softwareVersion;
    private final Map<String, Map<Integer, LayerFrequencies>> frequencies = new LinkedHashMap<>();

    /**
     * @param factor of the scalings that have one; empty means as much as the longest length asks for
     * @param rope what the scalings read besides the factor
     * @throws IllegalArgumentException if an encoding is unknown or refuses its settings
     */
    MeasuredEncodings(
            LanguageModel model,
            List<String> encodings,
            List<Integer> lengths,
            OptionalDouble factor,
            RopeSettings rope,
            String softwareVersion) {
        this.model = model;
        this.modelHash = model.model().sha256();
        this.automaticFactor = factor.isEmpty();
        this.softwareVersion = softwareVersion;
        int longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(1);
        this.rope = rope.withFactor(factor.orElseGet(() -> EncodingChoice.factorFor(model.description(), longest)));
        for (String name : encodings) {
            EncodingChoice encoding = EncodingChoice.of(name, this.rope);
            Map<Integer, LayerFrequencies> byLength = new LinkedHashMap<>();
            for (int length : lengths) {
                byLength.put(length, encoding.frequencies(model.description(), length));
            }
            frequencies.put(name, byLength);
        }
    }

    /** The model as records call it. */
    MeasuredModel model() {
        return new MeasuredModel(
                model.description().name(),
                modelHash,
                model.description().rope().shape().trainedLength());
    }

    /** What the scalings read, the factor included. */
    RopeSettings rope() {
        return rope;
    }

    LayerFrequencies frequencies(String encoding, int length) {
        Map<Integer, LayerFrequencies> byLength =
                requireNonNull(frequencies.get(encoding), "encoding must be one of the run's");
        return requireNonNull(byLength.get(length), "length must be one of the run's");
    }

    /**
     * What can change a cell's result, but for what is measured: by the frequencies rather than by the settings they come
     * from, so that a setting that an encoding does not read leaves its cells valid.
     */
    Map<String, String> identity(String encoding, int length) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("model", modelHash);
        identity.put("encoding", encoding);
        identity.put("length", String.valueOf(length));
        identity.put("frequencies", hash(frequencies(encoding, length)));
        identity.put("precision", model.precision().label());
        identity.put("threads", String.valueOf(model.threads()));
        identity.put("software", softwareVersion);
        return identity;
    }

    /** The hash of every bit that an encoding is made of. */
    private static String hash(LayerFrequencies layers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bits(layers.full()));
        bytes.writeBytes(bits(layers.sliding()));
        return Sha256.of(bytes.toByteArray());
    }

    private static byte[] bits(RopeFrequencies frequencies) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * (2 * frequencies.pairs() + 2));
        bytes.putLong(frequencies.pairs()).putDouble(frequencies.attentionScale());
        for (int pair = 0; pair < frequencies.pairs(); pair++) {
            bytes.putDouble(frequencies.radiansPerToken(pair)).putLong(frequencies.periodTokens(pair));
        }
        return bytes.array();
    }

    /** The settings as text by name, in the order to show them. */
    Map<String, String> settingsText() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("factor", text(rope.factor()) + (automaticFactor ? " (longest length / trained length)" : ""));
        RopeSettings standard = RopeSettings.DEFAULTS;
        putUnlessDefault(text, "dynamicFactor", rope.dynamicFactor(), standard.dynamicFactor());
        putUnlessDefault(text, "betaFast", rope.betaFast(), standard.betaFast());
        putUnlessDefault(text, "betaSlow", rope.betaSlow(), standard.betaSlow());
        putUnlessDefault(text, "mscale", rope.mscale(), standard.mscale());
        putUnlessDefault(text, "mscaleAllDim", rope.mscaleAllDim(), standard.mscaleAllDim());
        putUnlessDefault(text, "lowFrequencyFactor", rope.lowFrequencyFactor(), standard.lowFrequencyFactor());
        putUnlessDefault(text, "highFrequencyFactor", rope.highFrequencyFactor(), standard.highFrequencyFactor());
        putUnlessDefault(text, "rotatedShare", rope.rotatedShare(), standard.rotatedShare());
        rope.newBase().ifPresent(base -> text.put("newBase", text(base)));
        rope.attentionFactor().ifPresent(scale -> text.put("attentionFactor", text(scale)));
        if (!rope.truncate()) {
            text.put("truncate", "false");
        }
        if (!rope.shortFactors().isEmpty()) {
            text.put("shortFactors", rope.shortFactors().toString());
            text.put("longFactors", rope.longFactors().toString());
        }
        text.put("precision", model.precision().label());
        text.put("threads", String.valueOf(model.threads()));
        return text;
    }

    private static void putUnlessDefault(Map<String, String> text, String name, double value, double standard) {
        if (value != standard) {
            text.put(name, text(value));
        }
    }

    /** A number as a person writes it: 4 rather than 4.0. */
    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
