package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
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
     * Makes the study of a command from its words, and prints nothing.
     *
     * @param directory that paths among the words start from
     * @param words after the program's name, of a command that runs a study
     * @param folder where its cells are kept, by this process or another, or will be
     * @param typed the command as it was typed, for records
     * @throws picocli.CommandLine.ParameterException if the command would refuse its words
     */
    static OpenedStudy<?, ?> open(Path directory, List<String> words, Path folder, String typed) throws IOException {
        CommandLine program = ResonanceCli.program(directory);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        program.setOut(nowhere).setErr(nowhere);
        ParseResult parsed = program.parseArgs(words.toArray(String[]::new));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        StudyCommand command = (StudyCommand) parsed.commandSpec().userObject();
        return command.open(folder, CommandProvenance.of(typed));
    }
}
