package resonance.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command line did: its exit code and everything it printed. */
record CommandRun(int exitCode, String out, String err) {
    static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = ResonanceCli.execute(new PrintWriter(out), new PrintWriter(err), arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** Splits a command at its spaces. */
    static CommandRun of(String command) {
        return of(command.split(" ", -1));
    }
}
