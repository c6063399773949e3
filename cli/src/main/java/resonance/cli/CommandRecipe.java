package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ParameterException;
import resonance.study.OpenedStudy;
import resonance.study.StudyPlace;
import resonance.study.StudyRecipe;
import resonance.study.WorkerException;

/**
 * The study of a command, as the words of the command: they hold all settings there are, of scalings from a user's jar too. What a
 * command takes from the machine is settled: threads are among the words, and the precision stands in the folder.
 *
 * @param words after the program's name
 * @param directory that paths among the words start from
 * @param folder where the cells are kept, as {@link StudyPlace} reads it
 * @param home of the program where the command was typed, empty if it is not known; it holds what ships
 * @param typed the command as it was typed, for records
 */
record CommandRecipe(List<String> words, String directory, String folder, String home, String typed)
        implements StudyRecipe {
    private static final long serialVersionUID = 1L;

    CommandRecipe {
        words = List.copyOf(words);
    }

    @Override
    public OpenedStudy<?, ?> open() throws IOException {
        if (!home.isEmpty() && System.getProperty(SoftwareVersion.HOME_PROPERTY) == null) {
            System.setProperty(SoftwareVersion.HOME_PROPERTY, home);
        }
        try {
            return StudyCommand.open(Path.of(directory), words, StudyPlace.of(folder), typed);
        } catch (ParameterException refusal) {
            throw new WorkerException(
                    "every process must be able to run this command, one could not: " + refusal.getMessage());
        }
    }
}
