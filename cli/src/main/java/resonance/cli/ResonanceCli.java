package resonance.cli;

import static java.util.Objects.requireNonNull;

import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import resonance.rope.Refusal;

/** The program: {@code resonance COMMAND [options]}. */
@Command(
        name = "resonance",
        description = "RoPE language models beyond their trained length: encodings, benchmark, training, measurement.",
        subcommands = {
            PerplexityCommand.class,
            PasskeyCommand.class,
            GenerateCommand.class,
            ExportCommand.class,
            LintCommand.class,
            PretrainCommand.class,
            RopeCommand.class,
            PosgenCommand.class,
            ReportCommand.class
        },
        versionProvider = SoftwareVersion.class,
        customSynopsis = "resonance COMMAND [options]")
public final class ResonanceCli implements Runnable {
    private static final int HELP_COLUMNS = 100;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show version and commit")
    boolean version;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "print the stack trace of an unexpected error")
    private boolean verbose;

    private ResonanceCli() {}

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Writer out = new OutputStreamWriter(new StandardOutput(), StandardCharsets.UTF_8);
        Writer err = new OutputStreamWriter(System.err, StandardCharsets.UTF_8);
        System.exit(execute(out, err, arguments));
    }

    /**
     * Runs a command line in this process.
     *
     * @param out where results go; once it can't be written, the command ends
     * @param err where progress and errors go, as long as it can be written
     * @return 0 done, 1 failed, 2 refused, 130 told to end, 141 the reader of the results is gone
     */
    public static int execute(Writer out, Writer err, String... arguments) {
        TerminalWriter results = TerminalWriter.ofResults(out);
        TerminalWriter messages = TerminalWriter.ofMessages(err);
        CommandLine commandLine = new CommandLine(new ResonanceCli())
                .setOut(results)
                .setErr(messages)
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setUsageHelpAutoWidth(false)
                .setExecutionStrategy(new GivenOnce())
                .setParameterExceptionHandler(new ErrorLines())
                .setExecutionExceptionHandler(new ErrorLines());
        try {
            commandLine.setResourceBundle(new ScalingOptions.Names());
            Map<String, CommandLine> commands = commandLine.getSubcommands();
            for (String name : List.of("perplexity", "passkey", "generate", "export", "rope")) {
                ScalingOptions.ofModels().add(requireNonNull(commands.get(name)).getCommandSpec());
            }
            CommandLine posgen = requireNonNull(commands.get("posgen"));
            CommandLine compare = requireNonNull(posgen.getSubcommands().get("compare"));
            ScalingOptions.ofComparisons().add(compare.getCommandSpec());
            PosgenCompareCommand.addPresetsToHelp(compare);
            int exitCode = commandLine.execute(arguments);
            results.flush();
            return exitCode;
        } catch (Error | Refusal | OutputFailure failure) {
            return ErrorLines.printFailure(failure, List.of(arguments).contains("--verbose"), commandLine);
        } finally {
            messages.flush();
        }
    }

    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
