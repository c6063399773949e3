package resonance.evaluation.sidebyside;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resonance.rope.Refusal;
import resonance.study.StudyPlace;

/**
 * A study's folder and what its rows are called.
 *
 * @param name of the model or treatment; empty to take the model's own
 * @param seed which of several trainings of it, of which all else is the same; empty if there is one
 * @param folder of the study
 */
public record NamedFolder(String name, String seed, Path folder) {
    private static final Pattern NAMED = Pattern.compile("(?<name>[^:=/]+)(:(?<seed>[^:=/]+))?=(?<folder>.+)");

    /**
     * Reads {@code DIR}, {@code NAME=DIR} or {@code NAME:SEED=DIR}. What is a folder as it stands, or a {@linkplain StudyPlace
     * place in a store}, has no name.
     *
     * @throws Refusal if a folder follows no name, or a name no folder
     * @throws resonance.study.UnfitFolderException if it is in a store that is not known here
     */
    public static NamedFolder of(String text) {
        if (StudyPlace.isInStore(text) || !text.contains("=") || Files.isDirectory(Path.of(text))) {
            return new NamedFolder("", "", StudyPlace.of(text));
        }
        Matcher named = NAMED.matcher(text);
        if (!named.matches()) {
            throw Refusal.was("folder", "must be DIR, NAME=DIR or NAME:SEED=DIR", "'" + text + "'");
        }
        String seed = named.group("seed");
        return new NamedFolder(
                named.group("name").strip(), seed == null ? "" : seed.strip(), StudyPlace.of(named.group("folder")));
    }
}
