package resonance.rope.huggingface;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import resonance.rope.huggingface.ModelClass.Reading;

/**
 * How the class of a model type reads the keys of its encoding: what {@link ModelRopeReader} goes by, for whoever looks at a
 * file key by key, faulty ones included. A type that is not known here is taken for one that reads as most do.
 */
public final class ModelKeys {
    /** Words of Phi-3's class for its only scaling. */
    private static final Set<String> FORMER_LONGROPE = Set.of("su", "yarn");

    private final Optional<ModelClass> model;

    /** Where a value may stand. */
    public enum Place {
        /** In the dictionary of the scaling. */
        DICTIONARY,
        /** Beside it, where the text model's settings are. */
        TOP_LEVEL
    }

    private ModelKeys(Optional<ModelClass> model) {
        this.model = model;
    }

    /** The keys of a text model's type. */
    public static ModelKeys of(String modelType) {
        return new ModelKeys(ModelClasses.find(modelType));
    }

    static ModelKeys of(ModelClass model) {
        return new ModelKeys(Optional.of(model));
    }

    private boolean reads(Reading how) {
        return model.filter(known -> known.reading() == how).isPresent();
    }

    /** Whether longrope is the only scaling that the class knows. */
    public boolean onlyLongRope() {
        return reads(Reading.PHI3);
    }

    /** Whether a key {@code alpha} changes the base of a dynamic scaling. */
    public boolean readsAlpha() {
        return reads(Reading.ALPHA);
    }

    /** Whether longrope's magnitude follows from the two lengths, whatever the dictionary says of it. */
    public boolean magnitudeFromLengths() {
        return reads(Reading.MINICPM);
    }

    /** The type of scaling that a word in a file means: {@code su} is {@code longrope} for Phi-3. */
    public String type(String word) {
        boolean longRope = onlyLongRope() && FORMER_LONGROPE.contains(word);
        boolean plain = reads(Reading.MROPE) && word.equals("mrope");
        return longRope ? "longrope" : plain ? "default" : word;
    }

    /** {@code original_max_position_embeddings} at the top level where the file has none there; empty if the class has none. */
    public OptionalInt trainedLength() {
        return model.map(ModelClass::trainedLength)
                .filter(length -> length > 0)
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    /**
     * Where {@code original_max_position_embeddings} is looked for, the first that has one counts; without any it is
     * {@code max_position_embeddings}. Empty for scalings that don't look for it.
     *
     * @param type of scaling
     * @param allLayers whether the dictionary is that of all layers at once, and not of one type of them
     */
    public List<Place> trainedLengthPlaces(String type, TransformersVersion version, boolean allLayers) {
        boolean five = version == TransformersVersion.V5;
        return switch (type) {
            case "yarn", "llama3" ->
                five && allLayers ? List.of(Place.TOP_LEVEL, Place.DICTIONARY) : List.of(Place.DICTIONARY);
            case "longrope" ->
                magnitudeFromLengths() || (five && !allLayers)
                        ? List.of(Place.DICTIONARY)
                        : five ? List.of(Place.TOP_LEVEL, Place.DICTIONARY) : List.of(Place.TOP_LEVEL);
            default -> List.of();
        };
    }

    /**
     * Key of the object with a text model's settings in a whole configuration, with dots if it lies deeper; empty if they
     * stand at the top.
     */
    public static String textPlace(Map<String, ?> config) {
        return TextConfig.textPart(new ConfigValues("", config)).place();
    }
}
