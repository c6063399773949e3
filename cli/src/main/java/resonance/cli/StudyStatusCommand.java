package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
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
import resonance.study.RecordJson;

/** {@code resonance study status}: how far a study is. */
@Command(
        name = "status",
        description =
                "Shows how many cells of each part are finished, whether the study is running, and how long the rest"
                        + " takes by the times of the finished ones. It needs neither models nor texts, and may run while the study"
                        + " does.",
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
        OptionRefusals refusals = new OptionRefusals(spec.commandLine());
        StudyFile study = refusals.check(options::read);
        Path plan = study.out().resolve(StudyPlan.FILE);
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.exists(plan)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "study '" + study.name() + "' must have been run in " + study.out()
                            + ", was not; 'study run' begins it, 'study run --dry-run' tells what it would take");
        }
        StudyState state = StudyState.of(RecordJson.read(plan, StudyPlan.class), study.out());
        if (json) {
            out.print(RecordJson.write(state.document()));
        } else {
            state.lines().forEach(out::println);
        }
        return ExitCode.OK;
    }
}
