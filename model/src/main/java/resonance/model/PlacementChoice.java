package resonance.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;
import resonance.rope.Refusal;

/**
 * What somebody said of where an encoding goes in a model that comes with a scaling of its own.
 *
 * @param placement empty for the usual one, see {@link OwnEncoding#usual}
 * @param trainedLength tokens that the model was trained on before its own scaling, at least 1; empty for what its files say
 */
public record PlacementChoice(Optional<Placement> placement, OptionalInt trainedLength) {
    /** Nothing was said. */
    public static final PlacementChoice USUAL = new PlacementChoice(Optional.empty(), OptionalInt.empty());

    public PlacementChoice {
        requireNonNull(placement, "placement must not be null");
        if (trainedLength.orElse(1) < 1) {
            throw Refusal.was("trainedLength", "must be at least 1", trainedLength.getAsInt());
        }
    }

    Placement in(OwnEncoding own) {
        return own.isPlain() ? Placement.REPLACE : placement.orElseGet(own::usual);
    }

    /** Where a scaling goes in a model. */
    public Placement placement(PositionSettings model) {
        return in(new OwnEncoding(model.rope()));
    }

    /** Tokens that a scaling stretches in a model. */
    public int trainedLength(PositionSettings model) {
        OwnEncoding own = new OwnEncoding(model.rope());
        return trainedLength.orElseGet(() -> own.trainedLength(in(own)));
    }

    /** The factor that stretches a model to the longest text that it is to read, at least 1. */
    public double factorFor(PositionSettings model, long longestLength) {
        return Math.max(1, longestLength / (double) trainedLength(model));
    }

    /**
     * Refuses to guess whether a model was trained with its own scaling, or on what before it. Parameters: {@code encoding},
     * {@code onTop}, {@code replace}, {@code trainedLength}.
     *
     * @param encoding name of a scaling that is neither plain RoPE nor the model's own
     * @throws Refusal if that was not said and can't be told from the model's files
     */
    void requireSaid(String encoding, PositionSettings model) {
        OwnEncoding own = new OwnEncoding(model.rope());
        if (own.isPlain()) {
            return;
        }
        if (own.mayBeAnExtension() && placement.isEmpty()) {
            throw Refusal.of(
                            "{encoding} " + encoding,
                            "must be told where to go, since the model comes with " + own.text(),
                            "was not")
                    .cure("{onTop} puts it over that, {replace} in its place");
        }
        if (in(own) == Placement.REPLACE) {
            requireTrainedLength(own, "or leave {replace} out to stretch what it has");
        }
    }

    /** Refuses to guess what a model was trained on before its own scaling. */
    void requireTrainedLength(OwnEncoding own, String otherwise) {
        if (trainedLength.isEmpty() && own.trainedLength().isEmpty()) {
            throw Refusal.of(
                            "trainedLength",
                            "must be given, since the model comes with " + own.text()
                                    + " and its files don't say what it was trained on before",
                            "was left out")
                    .cure(otherwise);
        }
    }
}
