package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which study, and where its results are. */
final class StudyOptions {
    @Parameters(paramLabel = "FILE", description = "the study's file, or its output folder, which has a copy")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", description = "output folder (default: as the file says)")
    private @Nullable Path out;

    /**
     * Reads the study.
     *
     * @throws IllegalArgumentException if it is none
     */
    StudyFile read() throws IOException {
        StudyFile study = StudyFileReader.read(file);
        return out == null ? study : study.to(out);
    }
}
