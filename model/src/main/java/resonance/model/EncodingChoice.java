package resonance.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import resonance.model.EncodedLayers.Kind;
import resonance.rope.EncodingName;
import resonance.rope.LayerFrequencies;
import resonance.rope.NoScaling;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.ScalingOnTop;
import resonance.rope.ScalingSettings;
import resonance.rope.huggingface.ModelRope;

/**
 * An encoding by name, to be put in the place of a model's own.
 *
 * <p>Names are those of {@link RopeEncodings#forModels}: {@code none}, plain RoPE with the model's base ({@code rope} is
 * another word for it); {@code model}, what the model's own settings say; and the scalings: {@code linear}, {@code yarn}, ...
 * Each may have {@code resonance-} before it, or {@code resonance-p64-} or {@code resonance-x16-} with a {@linkplain
 * resonance.rope.Rounding bound} on periods. A named scaling starts from the model's base, rotary size and trained length. In
 * a model with a scaling of its own it goes on top of that or in its place: {@link OwnEncoding#usual} unless it was
 * {@linkplain #placed said}. The trained length is then how far the model reaches, or the length before its own scaling.
 * Plain RoPE always goes in its place.
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
    public static final String MODEL = RopeEncodings.MODEL.name();

    private final EncodingName encoding;
    private final ScalingSettings settings;

    /** Before Resonance; empty for the model's own. */
    private final Optional<RopeScaling> scaling;

    private final PlacementChoice placement;

    private EncodingChoice(EncodingName encoding, ScalingSettings settings, PlacementChoice placement) {
        this.placement = requireNonNull(placement, "placement must not be null");
        this.encoding = encoding;
        this.settings = requireNonNull(settings, "settings must not be null");
        this.scaling = isModels(encoding)
                ? Optional.empty()
                : Optional.of(encoding.withoutResonance().scaling(settings));
    }

    /**
     * An encoding with settings.
     *
     * @param encoding of {@link RopeEncodings#forModels}
     * @param settings what the scaling reads, its factor above all
     * @throws Refusal if the scaling refuses its settings
     */
    public static EncodingChoice of(EncodingName encoding, ScalingSettings settings) {
        return new EncodingChoice(encoding, settings, PlacementChoice.USUAL);
    }

    /**
     * The encoding of a name.
     *
     * @throws Refusal if the name is unknown, with the known ones and the nearest of them, or the scaling refuses its
     *     settings
     */
    public static EncodingChoice of(String name, ScalingSettings settings) {
        return of(RopeEncodings.installed().forModels().encoding(name), settings);
    }

    /** Every name, those with resonance last. */
    public static List<String> names() {
        return RopeEncodings.installed().forModels().encodings().stream()
                .map(EncodingName::toString)
                .toList();
    }

    /**
     * The same with another factor.
     *
     * @throws Refusal if the scaling refuses it
     */
    public EncodingChoice withFactor(double factor) {
        return new EncodingChoice(encoding, settings.withFactor(factor), placement);
    }

    /** The same, put where somebody says. */
    public EncodingChoice placed(Placement where) {
        return placed(new PlacementChoice(Optional.of(where), placement.trainedLength()));
    }

    /** The same with what somebody says of its place. */
    public EncodingChoice placed(PlacementChoice where) {
        return new EncodingChoice(encoding, settings, where);
    }

    /** The same for a model that was trained on this many tokens, whatever its files say; at least 1. */
    public EncodingChoice trainedOn(int tokens) {
        return placed(new PlacementChoice(placement.placement(), OptionalInt.of(tokens)));
    }

    /**
     * Refuses to guess where this goes in a model: {@link PlacementChoice#requireSaid}. Plain RoPE and the model's own can go
     * to one place only.
     *
     * @throws Refusal if nobody said it and the model's files leave it open
     */
    public void requirePlaced(PositionSettings model) {
        if (!isPlain() && !isModels(encoding)) {
            placement.requireSaid(encoding.method().name(), model);
        }
    }

    /**
     * Refuses to guess how far plain RoPE reaches in the place of a model's own scaling.
     *
     * @throws Refusal if the model's files don't say what it was trained on before
     */
    public void requireTrainedLength(PositionSettings model) {
        placement.requireTrainedLength(new OwnEncoding(model.rope()), "or give {contextLength}");
    }

    /** The factor that stretches {@link #trainedLength} to the longest text that a model is to read, at least 1. */
    public double factorFor(PositionSettings model, long longestLength) {
        return Math.max(1, longestLength / (double) trainedLength(model));
    }

    /** Where it goes in a model. */
    public Placement placement(PositionSettings model) {
        return isPlain() || isModels(encoding) ? Placement.REPLACE : placement.in(new OwnEncoding(model.rope()));
    }

    /** Tokens that it stretches in a model; for what the model's own settings say, those that they stretch. */
    public int trainedLength(PositionSettings model) {
        return placement
                .trainedLength()
                .orElseGet(() -> isModels(encoding)
                        ? model.rope().shape().trainedLength()
                        : new OwnEncoding(model.rope()).trainedLength(placement(model)));
    }

    /** Rotary size and base of a model's layers that see the whole text, and the length that is stretched. */
    public RopeShape shape(PositionSettings model) {
        RopeShape own = model.rope().shape();
        return RopeShape.of(own.headSize(), own.base(), trainedLength(model));
    }

    /** Whether this is RoPE without a scaling, with resonance or without. */
    public boolean isPlain() {
        return encoding.method().equals(NoScaling.METHOD);
    }

    /** Whether this is what the model's own settings say, with resonance or without. */
    public static boolean isModels(EncodingName encoding) {
        return encoding.method().equals(RopeEncodings.MODEL);
    }

    /** The encoding's name. */
    public EncodingName encoding() {
        return encoding;
    }

    /** The name as text: {@code none}, {@code yarn}, {@code resonance-yarn}, {@code model}, ... */
    public String name() {
        return encoding.toString();
    }

    /** What the scaling reads. */
    public ScalingSettings settings() {
        return settings;
    }

    /**
     * The encoding of every layer of a model.
     *
     * @param sequenceLength tokens of the text, for encodings that depend on it
     * @throws IllegalArgumentException if the scaling refuses the model's shape
     */
    public LayerFrequencies frequencies(PositionSettings model, long sequenceLength) {
        LayerFrequencies scaled =
                LayerFrequencies.same(scaling(model).frequencies(shape(model).withSequenceLength(sequenceLength)));
        if (model.sharesOneEncoding()) {
            return scaled;
        }
        return new LayerFrequencies(scaled.full(), model.slidingRope().frequencies(sequenceLength));
    }

    /**
     * The layers of a model by their encoding: one kind where all share it, else those that see the whole text before those
     * with a window.
     *
     * @param targetLength tokens of the longest text, at least the trained length
     * @param sequenceLength tokens of the text at hand, for encodings that depend on it
     */
    public List<EncodedLayers> layers(PositionSettings model, long targetLength, long sequenceLength) {
        List<Integer> windows =
                model.windows().stream().filter(size -> size > 0).toList();
        int window = windows.stream().reduce(0, Math::max);
        int sliding = windows.size();
        int full = model.windows().size() - sliding;
        if (model.sharesOneEncoding()) {
            int common = full == 0 ? window : 0;
            return List.of(layers(Kind.ALL, full + sliding, common, model, targetLength, sequenceLength));
        }
        PositionSettings windowed = new PositionSettings(
                model.modelType(), model.slidingRope(), model.slidingRope(), model.windows(), model.unrotated());
        EncodingChoice unchanged = of(MODEL, ScalingSettings.DEFAULTS);
        return Stream.of(
                        layers(Kind.FULL, full, 0, model, targetLength, sequenceLength),
                        unchanged.layers(Kind.SLIDING, sliding, window, windowed, targetLength, sequenceLength))
                .filter(layers -> layers.count() > 0)
                .toList();
    }

    private EncodedLayers layers(
            Kind kind, int count, int window, PositionSettings model, long targetLength, long sequenceLength) {
        RopeShape shape = shape(model).withSequenceLength(sequenceLength);
        long seen = Math.max(shape.trainedLength(), window > 0 ? Math.min(window, targetLength) : targetLength);
        return new EncodedLayers(kind, count, window, this, shape, alone(model), seen);
    }

    /** Whether the frequencies depend on the length of the text. */
    public boolean dependsOnSequenceLength(PositionSettings model) {
        return scaling(model).dependsOnSequenceLength();
    }

    private RopeScaling scaling(PositionSettings model) {
        return encoding.rounding().after(alone(model));
    }

    /** Before Resonance. */
    private RopeScaling alone(PositionSettings model) {
        ModelRope own = model.rope();
        if (scaling.isEmpty()) {
            return own.scaling();
        }
        return placement(model) == Placement.ON_TOP
                ? new ScalingOnTop(own.scaling(), own.shape().trainedLength(), scaling.get())
                : scaling.get();
    }

    @Override
    public String toString() {
        return name();
    }
}
