package resonance.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
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
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(execute(out, err, arguments));
    }

    /**
     * Runs a command line in this process.
     *
     * @param out where results go
     * @param err where progress and errors go
     * @return 0 done, 1 failed, 2 refused
     */
    public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commandLine = new CommandLine(new ResonanceCli())
                .setOut(out)
                .setErr(err)
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
            commandLine.registerConverter(Path.class, ResonanceCli::path);
            return commandLine.execute(arguments);
        } catch (Error | Refusal failure) {
            ErrorLines.printFailure(failure, List.of(arguments).contains("--verbose"), commandLine);
            return ExitCode.SOFTWARE;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** An empty path would mean the current folder, which nobody asked for. */
    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("a path must not be empty");
        }
        return Path.of(text);
    }

    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
