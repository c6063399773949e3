package resonance.cli;

import java.nio.file.Path;
import java.util.List;

/**
 * A study as its file says it: several commands, written down.
 *
 * @param source the file that was read
 * @param text its content
 * @param name of the study
 * @param about what it is for; empty if the file doesn't say
 * @param out where its results go, each part's in a folder of its name
 * @param parts in the order in which they run, at least one
 */
record StudyFile(Path source, String text, String name, String about, Path out, List<StudyPart> parts) {
    /** What the copy in the output folder is called. */
    static final String COPY = "study.yaml";

    StudyFile {
        parts = List.copyOf(parts);
    }

    /** The same with results somewhere else. */
    StudyFile to(Path other) {
        return new StudyFile(source, text, name, about, other, parts);
    }

    /** The same with other values of these keys in every part. */
    StudyFile with(List<StudyPart.Argument> others) {
        return new StudyFile(
                source,
                text,
                name,
                about,
                out,
                parts.stream().map(part -> part.with(others)).toList());
    }
}
