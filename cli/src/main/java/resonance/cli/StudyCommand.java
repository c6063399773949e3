package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;

/** A command that runs a study, which another process can make again from the same words. */
interface StudyCommand {
    /**
     * Makes the study, and prints nothing.
     *
     * @param folder where its cells are kept, by this process or another, or will be
     * @param maker with what, where and when this process makes cells
     * @throws picocli.CommandLine.ParameterException if the command would refuse its options
     */
    OpenedStudy<?, ?> open(Path folder, Provenance maker) throws IOException;

    /**
     * The command that words mean.
     *
     * @param program whose command it is
     * @param words after the program's name, of a command that runs a study
     * @throws picocli.CommandLine.ParameterException if they are none
     */
    static StudyCommand of(CommandLine program, List<String> words) {
        ParseResult parsed = program.parseArgs(words.toArray(String[]::new));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return (StudyCommand) parsed.commandSpec().userObject();
    }
}
