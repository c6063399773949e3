package resonance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code resonance study}: the group of commands on studies that a file describes. */
@Command(
        name = "study",
        description = "Studies as a file: several commands that keep their cells, checked before anything runs.",
        subcommands = {StudyRunCommand.class, StudyStatusCommand.class, StudyShowCommand.class, StudyReportCommand.class
        },
        customSynopsis = "resonance study COMMAND [options]")
final class StudyGroupCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
