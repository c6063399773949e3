package resonance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code resonance posgen}: the group of commands on the benchmark. */
@Command(
        name = "posgen",
        description = "The synthetic benchmark of length generalisation.",
        subcommands = {PosgenGenerateCommand.class, PosgenInspectCommand.class, PosgenCompareCommand.class},
        customSynopsis = "resonance posgen COMMAND [options]")
final class PosgenCommand implements Runnable {
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
