package resonance.evaluation.task;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a suite's questions are made from.
 *
 * @param data the folder with the suite's files, or with prose for those that hide something in it; empty if none was named
 * @param seed of questions that are made by chance
 */
public record SuiteSource(Optional<Path> data, long seed) {}
