package resonance.cli;

import static java.util.Objects.requireNonNull;

import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import resonance.rope.Refusal;
import resonance.study.StudyPlace;

/** The program: {@code resonance COMMAND [options]}. */
@Command(
        name = "resonance",
        description = "RoPE language models beyond their trained length: encodings, benchmark, training, measurement.",
        subcommands = {
            PerplexityCommand.class,
            PasskeyCommand.class,
            EvaluateCommand.class,
            GenerateCommand.class,
            ExtendCommand.class,
            SearchCommand.class,
            ExportCommand.class,
            LintCommand.class,
            FineTuneCommand.class,
            PretrainCommand.class,
            RopeCommand.class,
            PosgenCommand.class,
            StudyGroupCommand.class,
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

    private @Nullable PartOfStudy part;

    private ResonanceCli() {}

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Writer out = new OutputStreamWriter(new StandardOutput(), StandardCharsets.UTF_8);
        Writer err = new OutputStreamWriter(System.err, StandardCharsets.UTF_8);
        @Nullable String refusal = CommandArguments.refusal(arguments);
        if (refusal != null) {
            TerminalWriter messages = TerminalWriter.ofMessages(err);
            messages.println(refusal);
            messages.flush();
            System.exit(ExitCode.USAGE);
        }
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
        CommandLine commandLine =
                new CommandLine(new ResonanceCli()).setOut(results).setErr(messages);
        try {
            complete(commandLine);
            int exitCode = commandLine.execute(arguments);
            results.flush();
            return exitCode;
        } catch (Error | Refusal | OutputFailure failure) {
            return ErrorLines.printFailure(failure, List.of(arguments).contains("--verbose"), commandLine);
        } finally {
            messages.flush();
        }
    }

    /**
     * The program for words that were typed in another process.
     *
     * @param directory that paths among them start from
     */
    static CommandLine program(Path directory) {
        CommandLine program = new CommandLine(new ResonanceCli());
        complete(program);
        program.registerConverter(Path.class, text -> directory.resolve(path(text)));
        return program;
    }

    /** A command by its name, with all its options; the program itself if the name is empty. */
    static CommandLine command(String name) {
        CommandLine command = new CommandLine(new ResonanceCli());
        complete(command);
        for (String word : name.isEmpty() ? new String[0] : name.split(" ", -1)) {
            command = requireNonNull(command.getSubcommands().get(word), word);
        }
        return command;
    }

    /** Sets what annotations can't: how lines look and run, and the options that the installed scalings ask for. */
    private static void complete(CommandLine commandLine) {
        commandLine
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setUsageHelpAutoWidth(false)
                .setExpandAtFiles(false)
                .setExecutionStrategy(new GivenOnce())
                .setParameterExceptionHandler(new ErrorLines())
                .setExecutionExceptionHandler(new ErrorLines())
                .setResourceBundle(new ScalingOptions.Names());
        Map<String, CommandLine> commands = commandLine.getSubcommands();
        for (String name : List.of("perplexity", "passkey", "evaluate", "generate", "export", "finetune", "rope")) {
            ScalingOptions.ofModels().add(requireNonNull(commands.get(name)).getCommandSpec());
        }
        CommandLine posgen = requireNonNull(commands.get("posgen"));
        CommandLine compare = requireNonNull(posgen.getSubcommands().get("compare"));
        ScalingOptions.ofComparisons().add(compare.getCommandSpec());
        PosgenCompareCommand.addPresetsToHelp(compare);
        commandLine.registerConverter(Path.class, ResonanceCli::path);
    }

    /** A path of this machine. */
    private static Path path(String text) {
        requireText(text);
        if (StudyPlace.isInStore(text)) {
            throw StudyPlace.notHere(text);
        }
        return Path.of(text);
    }

    /** An empty path would mean the current folder, which nobody asked for. */
    private static void requireText(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("a path must not be empty");
        }
    }

    /** A path of this machine or a place in a store, for results of studies. */
    static final class Place implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            requireText(text);
            return StudyPlace.of(text);
        }
    }

    /** The text of a path or place, for parameters in which more may stand before it. */
    static final class PathText implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            requireText(text);
            return text;
        }
    }

    /** The part of a study that the command is run as, if it is. */
    Optional<PartOfStudy> part() {
        return Optional.ofNullable(part);
    }

    void runAs(PartOfStudy place) {
        part = place;
    }

    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
