package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A {@link PositionRemap} by name, to measure encodings against: it needs two sets of scores, which no file asks an engine for, so it
 * can't be exported, and is not trained with. It goes with the frequencies that a model has, and has no settings.
 *
 * @param name lower-case letters, digits and hyphens
 * @param label for tables and charts: "SelfExtend"
 * @param source what it does, in a few words
 * @param factory makes it for a model and a text
 */
public record RemapMethod(String name, String label, String source, Factory factory) implements EncodingMethod {
    /** All of them, in the order to show them. */
    public static List<RemapMethod> all() {
        return List.of(SelfExtend.METHOD, RectifiedRope.METHOD, ShiftedRope.METHOD);
    }

    /** Makes a remap. */
    @FunctionalInterface
    public interface Factory {
        /**
         * The remap for a text.
         *
         * @param trainedLength tokens that the model reaches
         * @param length tokens of the text
         */
        PositionRemap of(int trainedLength, long length);
    }

    public RemapMethod {
        requireNonNull(factory, "factory must not be null");
    }

    @Override
    public List<Parameter<?>> parameters() {
        return List.of();
    }

    @Override
    public String toString() {
        return name;
    }
}
