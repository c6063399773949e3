package resonance.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import resonance.rope.LayerFrequencies;
import resonance.rope.Resonance;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeScaling;
import resonance.rope.RopeSettings;
import resonance.rope.Spelling;
import resonance.rope.huggingface.ModelRope;

/**
 * An encoding by name, to be put in the place of a model's own.
 *
 * <p>Names: {@code none}, plain RoPE with the model's base; {@code model}, what the model's own settings say; and the
 * scalings of {@link RopeEncodings#standard()}: {@code linear}, {@code yarn}, ... Each may have {@code resonance-}
 * before it. {@code rope} is another word for {@code none}. A named scaling starts from the model's base, rotary size
 * and trained length and replaces whatever scaling the model came with.
 *
 * <p>Layers with a sliding window keep the model's own encoding where the model tells the two kinds of layers apart, as
 * Gemma 3 does: they never look further than they were trained to. Where it doesn't (Mistral), the encoding is that
 * of all layers.
 *
 * <p>Encodings that depend on the length of the text are computed once for the length at hand, so that no key is ever
 * rotated with an older base than the query that meets it. Hugging Face recomputes them as the text grows and keeps the
 * keys it has.
 */
public final class EncodingChoice {
    /** Plain RoPE with the model's base. */
    public static final String NONE = "none";

    /** What the model's own settings say. */
    public static final String MODEL = "model";

    private static final String PLAIN = "rope";
    private static final String RESONANCE = "resonance-";
    private static final RopeEncodings ENCODINGS = RopeEncodings.standard();

    private final String name;
    private final RopeSettings settings;

    private EncodingChoice(String name, RopeSettings settings) {
        this.name = name;
        this.settings = settings;
    }

    /**
     * The encoding of a name.
     *
     * @param settings what the scaling reads, its factor above all
     * @throws IllegalArgumentException if the name is unknown, with the known ones and the nearest of them
     */
    public static EncodingChoice of(String name, RopeSettings settings) {
        requireNonNull(settings, "settings must not be null");
        String canonical = name.equals(PLAIN) || name.equals(RESONANCE + PLAIN)
                ? name.substring(0, name.length() - PLAIN.length()) + NONE
                : name;
        if (!names().contains(canonical)) {
            throw new IllegalArgumentException("encoding '" + name + "' is unknown; known: "
                    + String.join(", ", unprefixedNames()) + ", and " + RESONANCE + " before any"
                    + Spelling.nearest(name, names())
                            .map(nearest -> "; did you mean '" + nearest + "'?")
                            .orElse(""));
        }
        return new EncodingChoice(canonical, settings);
    }

    /** Every name, those with resonance last. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(unprefixedNames());
        unprefixedNames().forEach(name -> names.add(RESONANCE + name));
        return List.copyOf(names);
    }

    private static List<String> unprefixedNames() {
        return Stream.concat(ENCODINGS.scalingNames().stream(), Stream.of(MODEL))
                .toList();
    }

    /**
     * The factor that stretches a model's trained length to the longest text it is to read: longest / trained, at least
     * 1.
     */
    public static double factorFor(ModelDescription model, long longestLength) {
        return Math.max(1, longestLength / (double) model.rope().shape().trainedLength());
    }

    /** The name: {@code none}, {@code yarn}, {@code resonance-yarn}, {@code model}, ... */
    public String name() {
        return name;
    }

    /** What the scaling reads. */
    public RopeSettings settings() {
        return settings;
    }

    /**
     * The encoding of every layer of a model.
     *
     * @param sequenceLength tokens of the text, for encodings that depend on it
     * @throws IllegalArgumentException if the scaling refuses its settings or the model's shape
     */
    public LayerFrequencies frequencies(ModelDescription model, long sequenceLength) {
        ModelRope own = model.rope();
        RopeScaling scaling = scaling(own);
        LayerFrequencies scaled =
                LayerFrequencies.same(scaling.frequencies(own.shape().withSequenceLength(sequenceLength)));
        if (layersShareOneEncoding(model)) {
            return scaled;
        }
        return new LayerFrequencies(scaled.full(), model.slidingRope().frequencies(sequenceLength));
    }

    /** Whether the frequencies depend on the length of the text. */
    public boolean dependsOnSequenceLength(ModelDescription model) {
        return scaling(model.rope()).dependsOnSequenceLength();
    }

    private RopeScaling scaling(ModelRope own) {
        boolean resonance = name.startsWith(RESONANCE);
        String base = resonance ? name.substring(RESONANCE.length()) : name;
        RopeScaling scaling = base.equals(MODEL) ? own.scaling() : ENCODINGS.scaling(base, settings);
        return resonance ? new Resonance(scaling) : scaling;
    }

    private static boolean layersShareOneEncoding(ModelDescription model) {
        return model.slidingRope().equals(model.rope());
    }

    @Override
    public String toString() {
        return name;
    }
}
