package resonance.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import resonance.model.Placement;
import resonance.model.PlacementChoice;

/** Where an encoding goes in a model that comes with a scaling of its own. */
final class PlacementOptions {
    @Option(
            names = "--on-top",
            description = "put it over the model's own scaling (default where the model was trained with that)")
    private boolean onTop;

    @Option(names = "--replace", description = "put it in the place of the model's own scaling")
    private boolean replace;

    @Option(
            names = "--trained-length",
            paramLabel = "L",
            description = "tokens that the model was trained on before its own scaling (default: what its files say)")
    private @Nullable Integer trainedLength;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    /** What was said, as the options that say it. */
    static List<String> words(PlacementChoice choice) {
        List<String> words = new ArrayList<>();
        choice.placement().ifPresent(said -> words.add("--" + said.label()));
        choice.trainedLength().ifPresent(length -> words.add("--trained-length " + length));
        return words;
    }

    /**
     * What was said.
     *
     * @throws ParameterException if it contradicts itself
     * @throws resonance.rope.Refusal if the trained length is none
     */
    PlacementChoice choice() {
        if (onTop && replace) {
            throw new ParameterException(
                    command.commandLine(),
                    "--on-top must go without --replace, was given with it; leave one of them out");
        }
        Optional<Placement> placement =
                onTop ? Optional.of(Placement.ON_TOP) : replace ? Optional.of(Placement.REPLACE) : Optional.empty();
        return new PlacementChoice(
                placement, trainedLength == null ? OptionalInt.empty() : OptionalInt.of(trainedLength));
    }
}
