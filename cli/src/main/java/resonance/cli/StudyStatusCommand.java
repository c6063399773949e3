package resonance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import resonance.study.RecordFormatException;
import resonance.study.RecordJson;

/** {@code resonance study status}: how far a study is. */
@Command(
        name = "status",
        description =
                "Shows how many cells of each part are finished, whether the study is running, and how long the rest"
                        + " takes: by the times of the finished ones, or as was expected when the study was planned. It needs"
                        + " neither models nor texts, and may run while the study does.",
        customSynopsis = "resonance study status FILE|DIR [options]",
        sortOptions = false)
final class StudyStatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--json", description = "print the state as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        StudyFile study = options.read();
        Path plan = study.out().resolve(StudyPlan.FILE);
        if (!Files.exists(plan)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "study '" + study.name() + "' must have been run in " + study.out()
                            + ", was not; 'study run' begins it, 'study run --dry-run' tells what it would take");
        }
        StudyState.of(read(plan), study.out()).print(spec.commandLine().getOut(), json);
        return ExitCode.OK;
    }

    private StudyPlan read(Path plan) throws IOException {
        try {
            return RecordJson.read(plan, StudyPlan.class);
        } catch (RecordFormatException ofAnotherVersion) {
            throw new ParameterException(
                    spec.commandLine(),
                    ofAnotherVersion.getMessage()
                            + "; 'study run' writes it anew, 'study run --dry-run' tells the state without it",
                    ofAnotherVersion);
        }
    }
}
