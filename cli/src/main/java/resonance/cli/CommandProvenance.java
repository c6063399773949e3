package resonance.cli;

import picocli.CommandLine.Model.CommandSpec;
import resonance.study.Provenance;
import resonance.transformer.tensor.LibTorch;

/** With what, where, when and by which command line a result is made. */
final class CommandProvenance {
    private CommandProvenance() {}

    /** That of the command line being run, from now on. */
    static Provenance of(CommandSpec command) {
        return of(ShellWords.typed(command));
    }

    /** That of a command line as it was typed, from now on. */
    static Provenance of(String typed) {
        return Provenance.ofThisMachine(SoftwareVersion.version(), SoftwareVersion.commit(), LibTorch.VERSION, typed);
    }
}
