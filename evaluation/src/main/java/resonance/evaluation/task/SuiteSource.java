package resonance.evaluation.task;

import java.nio.file.Path;
import java.util.Optional;
import resonance.rope.Refusal;

/**
 * What a suite's questions are made from.
 *
 * @param data the folder with the suite's files, or with prose for those that hide something in it; empty if none was named
 * @param seed of questions that are made by chance
 */
public record SuiteSource(Optional<Path> data, long seed) {

    /**
     * The folder, for a suite that is read from one.
     *
     * @param label what people call the suite
     * @throws Refusal if none was named
     */
    public Path folder(String label) {
        return data.orElseThrow(
                () -> Refusal.of("data", "must be the folder with the files of " + label, "was left out")
                        .cure("name it"));
    }
}
