package resonance.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import resonance.rope.Spelling;
import resonance.study.UnfitFolderException;

/** Prints what went wrong as one line on standard error: no usage text, and a stack trace only with {@code --verbose}. */
final class ErrorLines implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException refusal, String[] arguments) {
        refusal.getCommandLine().getErr().println(line(refusal));
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        boolean verbose = command.getCommandSpec().root().userObject() instanceof ResonanceCli cli && cli.verbose();
        return printFailure(failure, verbose, command);
    }

    /** Prints one line, and the stack trace if asked for; nothing if the reader of the results is gone. Gives the exit code. */
    static int printFailure(Throwable failure, boolean verbose, CommandLine command) {
        if (failure instanceof OutputFailure output && output.readerGone()) {
            return OutputFailure.READER_GONE;
        }
        String line = oneLine(FailureText.of(failure));
        boolean hint = !verbose && FailureText.unforeseen(failure);
        command.getErr().println(hint ? line + "; run with --verbose for the stack trace" : line);
        if (verbose) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            command.getErr().print(trace);
        }
        return ExitCode.SOFTWARE;
    }

    /** A refusal as one line, without its end. */
    static String line(ParameterException refusal) {
        CommandLine command = refusal.getCommandLine();
        if (refusal instanceof UnmatchedArgumentException unmatched) {
            return unknown(command, unmatched.getUnmatched().get(0));
        }
        if (refusal instanceof OverwrittenOptionException twice
                && twice.getOverwritten() instanceof OptionSpec option) {
            return option.longestName() + " must be given once, was given again; leave one of them out";
        }
        if (refusal instanceof MissingParameterException missing
                && missing.getMissing().get(0) instanceof OptionSpec option) {
            String what = String.valueOf(missing.getMessage()).startsWith("Missing required option")
                    ? " must be given, was left out"
                    : " must be followed by a value, has none";
            return option.longestName() + what + seeHelp(command);
        }
        if (refusal instanceof MissingParameterException missing
                && missing.getMissing().get(0) instanceof PositionalParamSpec parameter) {
            return parameter.paramLabel() + " must be given, was left out" + seeHelp(command);
        }
        if (refusal.getCause() instanceof UnfitFolderException unfit) {
            ArgSpec asked = refusal.getArgSpec();
            return oneLine(
                    asked instanceof OptionSpec option
                            ? unfit.message(option.longestName())
                            : asked != null ? unfit.message(asked.paramLabel()) : String.valueOf(refusal.getMessage()));
        }
        if (refusal.getArgSpec() instanceof OptionSpec option && refusal.getValue() != null) {
            String kind = kind(option);
            boolean tooLarge =
                    kind.contains("whole number") && refusal.getValue().matches("[+-]?\\d+");
            String limit = tooLarge ? " of a size that this option holds" : "";
            return option.longestName() + " must be " + kind + limit + ", was '" + refusal.getValue() + "'"
                    + seeHelp(command);
        }
        if (refusal.getArgSpec() instanceof PositionalParamSpec parameter && refusal.getValue() != null) {
            return parameter.paramLabel() + " must be " + kind(parameter) + ", was '" + refusal.getValue() + "'"
                    + seeHelp(command);
        }
        return oneLine(String.valueOf(refusal.getMessage()));
    }

    private static String oneLine(String text) {
        return String.join(" ", text.lines().map(String::strip).toList());
    }

    private static String unknown(CommandLine command, String argument) {
        boolean isOption = argument.startsWith("-");
        String name = isOption && argument.indexOf('=') > 0 ? argument.substring(0, argument.indexOf('=')) : argument;
        Collection<String> known =
                isOption ? optionNames(command) : command.getSubcommands().keySet();
        String kind = isOption ? "option" : known.isEmpty() ? "argument" : "command";
        String cure = Spelling.nearest(name, known)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse(seeHelp(command));
        return kind + " '" + name + "' is unknown to '"
                + command.getCommandSpec().qualifiedName() + "'" + cure;
    }

    private static List<String> optionNames(CommandLine command) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.hidden()) {
                names.addAll(List.of(option.names()));
            }
        }
        return names;
    }

    private static String kind(ArgSpec option) {
        boolean several = option.typeInfo().isMultiValue();
        Class<?> type = several
                ? option.typeInfo().getAuxiliaryTypes()[0]
                : option.typeInfo().getType();
        String kind;
        if (type == boolean.class || type == Boolean.class) {
            return "given without a value";
        } else if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            kind = "whole number";
        } else if (type == double.class || type == Double.class) {
            kind = "number";
        } else if (type == Path.class
                || Arrays.stream(option.converters()).anyMatch(ResonanceCli.PathText.class::isInstance)) {
            kind = "path";
        } else {
            kind = "value";
        }
        return several && !option.splitRegex().isEmpty() ? kind + "s separated by commas" : "a " + kind;
    }

    private static String seeHelp(CommandLine command) {
        return "; see '" + command.getCommandSpec().qualifiedName() + " --help'";
    }
}
