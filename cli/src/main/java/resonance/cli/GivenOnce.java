package resonance.cli;

import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Runs a command unless an option of a group was given twice. picocli refuses that only outside of groups; inside, the second
 * one starts the group anew, and whatever was given of it before would be lost without a word.
 */
final class GivenOnce implements IExecutionStrategy {
    @Override
    public int execute(ParseResult parsed) {
        for (ParseResult command = parsed; command != null; command = command.subcommand()) {
            for (ArgGroupSpec group : command.commandSpec().argGroups()) {
                group.options().forEach(GivenOnce::require);
            }
        }
        try {
            return new RunLast().execute(parsed);
        } catch (OutputFailure ofHelp) {
            // picocli prints help and version outside of what it calls running.
            throw new ExecutionException(
                    parsed.commandSpec().commandLine(), String.valueOf(ofHelp.getMessage()), ofHelp);
        }
    }

    private static void require(OptionSpec option) {
        if (!option.isMultiValue() && option.originalStringValues().size() > 1) {
            throw new ParameterException(
                    option.command().commandLine(),
                    option.longestName() + " must be given once, was given again; leave one of them out");
        }
    }
}
