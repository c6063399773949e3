package resonance.model;

import java.util.OptionalInt;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.PlainNumber;
import resonance.rope.RopeScaling;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRope;

/**
 * The encoding that a model comes with, as what is to be done to it sees it: whether the model was trained with it, how far it
 * reaches, and on what length it was trained before it.
 *
 * @param rope as the model's files say it
 */
public record OwnEncoding(ModelRope rope) {
    private RopeScaling scaling() {
        return rope.scaling();
    }

    /** Whether it is RoPE without a scaling. */
    public boolean isPlain() {
        return scaling() instanceof NoScaling;
    }

    /**
     * Whether it can't be told if the model was trained with its scaling: YaRN, and whatever depends on the length of the text,
     * are put into models' files after their training too. All others (llama3, linear, proportional, divisors) come with models
     * that were trained with them.
     */
    public boolean mayBeAnExtension() {
        return scaling() instanceof YarnScaling || scaling().dependsOnSequenceLength();
    }

    /** Where another encoding goes unless somebody says otherwise: on top of what the model was trained with. */
    public Placement usual() {
        return isPlain() || mayBeAnExtension() ? Placement.REPLACE : Placement.ON_TOP;
    }

    /**
     * Tokens that the model reads with it: the maximum length that its files say, or factor times trained length where a method
     * means that and it is more.
     */
    public int reach() {
        double stretched = rope.shape().trainedLength() * scaling().factor();
        boolean means = scaling() instanceof YarnScaling
                || scaling() instanceof DynamicNtkScaling
                || scaling() instanceof Llama3Scaling;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(rope.maximumLength(), means ? stretched : 0));
    }

    /** Tokens that the model was trained on before its scaling; empty if its files don't say. */
    public OptionalInt trainedLength() {
        boolean says = isPlain()
                || scaling() instanceof YarnScaling
                || scaling() instanceof DynamicNtkScaling
                || scaling() instanceof Llama3Scaling
                || scaling() instanceof LongRopeScaling
                || rope.shape().trainedLength() < rope.maximumLength();
        return says ? OptionalInt.of(rope.shape().trainedLength()) : OptionalInt.empty();
    }

    /** Tokens that another encoding stretches; where they were not said, all that the model reads now. */
    public int trainedLength(Placement placement) {
        return placement == Placement.ON_TOP ? reach() : trainedLength().orElseGet(this::reach);
    }

    /** Name and factor: {@code yarn with factor 4}, {@code none}. */
    public String text() {
        return text(scaling().label(), scaling().factor());
    }

    /** A name and a factor, which is left out where it is 1. */
    public static String text(String name, double factor) {
        return factor == 1 ? name : name + " with factor " + PlainNumber.text(factor);
    }
}
