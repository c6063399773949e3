package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which study, and where its results are. */
final class StudyOptions {
    @Parameters(
            paramLabel = "FILE",
            converter = ResonanceCli.Place.class,
            description = "the study's file, or its output folder, which has a copy")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = ResonanceCli.Place.class,
            description = "output folder, here or as hdfs://HOST:PORT/DIR (default: as the file says)")
    private @Nullable Path out;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    /**
     * Reads the study.
     *
     * @throws picocli.CommandLine.ParameterException if it is none
     */
    StudyFile read() throws IOException {
        StudyFile study = new OptionRefusals(command.commandLine()).check(() -> StudyFileReader.read(file));
        return out == null ? study : study.to(out);
    }
}
