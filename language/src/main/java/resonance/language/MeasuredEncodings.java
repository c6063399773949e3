package resonance.language;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import resonance.evaluation.MeasuredModel;
import resonance.model.EncodingChoice;
import resonance.model.OwnEncoding;
import resonance.model.PlacementChoice;
import resonance.model.PositionSettings;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;
import resonance.rope.LayerFrequencies;
import resonance.rope.Parameter;
import resonance.rope.PlainNumber;
import resonance.rope.PositionRemap;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingSettings;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RemappedRotary;
import resonance.transformer.position.RotaryEncoding;

/** A model under every encoding and length that a run measures. */
final class MeasuredEncodings {
    /** A token can be predicted from one before it at least. */
    private static final int SHORTEST_LENGTH = 2;

    /** 2^24 tokens, more than keys and values of any model have room for. */
    private static final int LONGEST_LENGTH = 1 << 24;

    private final LanguageModel model;
    private final MeasuredModel measured;
    private final ScalingSettings rope;
    private final PlacementChoice placement;
    private final boolean automaticFactor;
    private final String softwareVersion;
    private final Map<EncodingName, Map<Integer, Rotation>> rotations = new LinkedHashMap<>();

    /** What queries and keys are turned by. */
    private record Rotation(LayerFrequencies frequencies, Optional<PositionRemap> remap) {
        PositionEncoding encoding() {
            return remap.<PositionEncoding>map(given -> new RemappedRotary(frequencies, given))
                    .orElseGet(() -> new RotaryEncoding(frequencies));
        }
    }

    /**
     * @param factor of the scalings that have one; empty means as much as the longest length asks for
     * @param placement where scalings go in a model that comes with one of its own
     * @param rope what the scalings read besides the factor
     * @throws IllegalArgumentException if an encoding is unknown or refuses its settings, or nobody said where it goes
     *     ({@link EncodingChoice#requirePlaced})
     */
    MeasuredEncodings(
            LanguageModel model,
            List<EncodingName> encodings,
            List<Integer> lengths,
            OptionalDouble factor,
            PlacementChoice placement,
            ScalingSettings rope,
            String softwareVersion) {
        this.model = model;
        this.measured = model.measured();
        this.automaticFactor = factor.isEmpty();
        this.softwareVersion = softwareVersion;
        int longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(1);
        this.placement = placement;
        PositionSettings positions = model.description().positions();
        this.rope = rope.withFactor(factor.orElseGet(() -> placement.factorFor(positions, longest)));
        for (EncodingName encoding : encodings) {
            // A remap leaves the frequencies as the model has them.
            EncodingChoice choice = encoding.remapMethod().isPresent()
                    ? EncodingChoice.of(EncodingChoice.MODEL, this.rope)
                    : EncodingChoice.of(encoding, this.rope).placed(placement);
            choice.requirePlaced(positions);
            int reach = new OwnEncoding(positions.rope()).reach();
            Map<Integer, Rotation> byLength = new LinkedHashMap<>();
            for (int length : lengths) {
                Optional<PositionRemap> remap =
                        encoding.remapMethod().map(method -> method.factory().of(reach, length));
                byLength.put(length, new Rotation(choice.frequencies(positions, length), remap));
            }
            rotations.put(encoding, byLength);
        }
    }

    /**
     * A copy of encodings as a model names them: {@code rope} becomes {@code none}.
     *
     * @throws Refusal if there is none, one is unknown, or two are the same encoding
     */
    static List<EncodingName> encodings(List<EncodingName> encodings) {
        RopeEncodings known = RopeEncodings.installed().forMeasuring();
        return DistinctList.of(
                "encodings",
                encodings.stream().map(name -> known.encoding(name.toString())).toList());
    }

    /** A copy of numbers of tokens, ascending, none twice. */
    static List<Integer> lengths(List<Integer> lengths) {
        List<Integer> ascending =
                DistinctList.of("lengths", lengths).stream().sorted().toList();
        requireLength("lengths", "found ", "ask for shorter ones", ascending.get(0));
        requireLength("lengths", "found ", "ask for shorter ones", ascending.get(ascending.size() - 1));
        return ascending;
    }

    /** Refuses a number of tokens that says nothing, or that no model has room for. */
    static void requireLength(String parameter, int length) {
        requireLength(parameter, "was ", "ask for a shorter one", length);
    }

    private static void requireLength(String parameter, String found, String shorter, int length) {
        if (length < SHORTEST_LENGTH) {
            throw Refusal.of(parameter, "must be at least " + SHORTEST_LENGTH + " tokens", found + length);
        }
        if (length > LONGEST_LENGTH) {
            throw Refusal.of(parameter, "must be at most " + LONGEST_LENGTH + " tokens", found + length)
                    .cure(shorter);
        }
    }

    /** The model as records call it. */
    MeasuredModel model() {
        return measured;
    }

    /** What the scalings read, the factor included. */
    ScalingSettings rope() {
        return rope;
    }

    /** What runs: keys are kept twice if some encoding is a remap of positions. */
    InferenceMemory.Decoder running() {
        InferenceMemory.Decoder plain = model.running();
        boolean remaps = rotations.values().stream()
                .flatMap(byLength -> byLength.values().stream())
                .anyMatch(rotation -> rotation.remap.isPresent());
        return new InferenceMemory.Decoder(plain.config(), plain.precision(), plain.threads(), remaps);
    }

    /** What the decoder does with positions. */
    PositionEncoding positions(EncodingName encoding, int length) {
        return rotation(encoding, length).encoding();
    }

    private Rotation rotation(EncodingName encoding, int length) {
        Map<Integer, Rotation> byLength = requireNonNull(rotations.get(encoding), "encoding must be one of the run's");
        return requireNonNull(byLength.get(length), "length must be one of the run's");
    }

    /**
     * What can change a cell's result, but for what is measured: by the frequencies rather than by the settings they come
     * from, so that a setting that an encoding does not read leaves its cells valid.
     */
    Map<String, String> identity(EncodingName encoding, int length) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("model", measured.sha256());
        identity.put("encoding", encoding.toString());
        identity.put("length", String.valueOf(length));
        Rotation rotation = rotation(encoding, length);
        identity.put("frequencies", FrequencyHash.of(rotation.frequencies));
        rotation.remap.ifPresent(remap -> identity.put("remap", remap.toString()));
        putMachine(identity, model, softwareVersion);
        return identity;
    }

    /** What can change any cell's result, whatever is measured: the same for all commands that run a model. */
    static void putMachine(Map<String, String> identity, LanguageModel model, String softwareVersion) {
        identity.put("precision", model.precision().label());
        identity.put("threads", String.valueOf(model.threads()));
        identity.put("software", softwareVersion);
    }

    /** How the machine computes, as settings by name. */
    static void tellMachine(Map<String, String> text, LanguageModel model) {
        model.precisionChoice().describe(text);
        text.put("threads", String.valueOf(model.threads()));
    }

    /** The settings as text by name, in the order to show them. */
    Map<String, String> settingsText() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put(
                Parameter.FACTOR.name(),
                PlainNumber.text(rope.factor()) + (automaticFactor ? " (longest length / trained length)" : ""));
        PositionSettings positions = model.description().positions();
        OwnEncoding own = new OwnEncoding(positions.rope());
        if (!own.isPlain()) {
            text.put("ownScaling", own.text());
            text.put("placement", placement.placement(positions).label());
            text.put("trainedLength", String.valueOf(placement.trainedLength(positions)));
        }
        rope.text(RopeEncodings.installed().parameters()).forEach(text::putIfAbsent);
        tellMachine(text, model);
        return text;
    }
}
