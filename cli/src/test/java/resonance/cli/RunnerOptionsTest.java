package resonance.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import resonance.study.OpenedStudy;
import resonance.study.PlannedCell;
import resonance.study.StudyRecipe;
import resonance.study.WorkerException;

/** Commands whose cells are computed somewhere else, as far as that goes without Spark on the class path. */
class RunnerOptionsTest extends WithTinyModel {
    private static final String LENGTHS = " --lengths 16,32 --precision float32 --threads 1";

    /** What each command asks of the tiny model; paths of the model and the text come before. */
    private static final String PERPLEXITY = "perplexity model meadow.txt --tokens 100 --compare none,yarn" + LENGTHS;

    private static final String SEARCH = "search model --length 128 --text meadow.txt --threads 1";

    private static final String POSGEN =
            "posgen compare --encodings rope,yarn --seeds 1 --train-length 16 --test-length 32"
                    + " --train 60 --validation 5 --test 10 --d-model 16 --layers 1 --heads 1 --head-size 8 --feed-forward 32"
                    + " --epochs 1 --batch 20 --threads 1 --precision float32";

    private static final String EVALUATE = "evaluate model --tasks niah_single_1 --questions 1 --compare none"
            + " --lengths 2048 --prompt plain --precision float32 --threads 1";

    private CommandRecipe recipe(String command, Path studied) {
        return new CommandRecipe(
                List.of(command.split(" ", -1)), shared + "/", studied.toString(), "", "./resonance " + command);
    }

    private static Object received(Object sent) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    private static String absolute(String command) {
        return command.replace(" model ", " " + tiny.folder() + " ").replace(" meadow.txt ", " " + tiny.text() + " ");
    }

    private static List<String> finished(Path studied) throws IOException {
        try (Stream<Path> cells = Files.list(studied.resolve("cells"))) {
            return cells.map(cell -> cell.getFileName().toString().replace(".json", ""))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PERPLEXITY, POSGEN})
    void aReceivedCommandMakesTheStudyThatItWasSentFrom(String command) throws IOException, ClassNotFoundException {
        Path studied = folder.resolve("studied");
        CommandRun run = CommandRun.of(absolute(command) + " --out " + studied);
        assertThat(run.exitCode()).as(run.err()).isZero();
        CommandRecipe sent = recipe(command, studied);
        StudyRecipe recipe = (StudyRecipe) received(sent);
        assertThat(recipe).isEqualTo(sent);
        try (OpenedStudy<?, ?> opened = recipe.open()) {
            List<String> names = new ArrayList<>();
            for (PlannedCell<?> cell : opened.study().cells()) {
                names.add(cell.fileName());
            }
            assertThat(names).containsExactlyInAnyOrderElementsOf(finished(studied));
            assertThat(opened.maker().commandLine()).isEqualTo("./resonance " + command);
        }
    }

    @Test
    void aReceivedCommandThatIsRefusedSaysWhy() {
        CommandRecipe recipe = recipe(PERPLEXITY.replace("meadow", "absent"), folder);
        assertThatThrownBy(recipe::open)
                .isInstanceOf(WorkerException.class)
                .hasMessageStartingWith("every process must be able to run this command, one could not: ")
                .hasMessageContaining(shared.resolve("absent.txt").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {PERPLEXITY, POSGEN, EVALUATE, "passkey model" + LENGTHS, SEARCH})
    void sparkIsRefusedWhereItIsNotOnTheClassPath(String command) {
        Path unused = folder.resolve("unused");
        String folderOption = command.equals(SEARCH) ? " --study " : " --out ";
        assertThat(CommandRun.of(absolute(command) + " --spark local[2]" + folderOption + unused))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--spark must have the module spark on the class path, which is not there; start by"
                                + " ./resonance, which adds it\n"));
        assertThat(unused).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "perplexity a b, perplexity a b --threads 3",
        "perplexity a --threads 2, perplexity a --threads 2",
        "perplexity --tokens 5 -- a b, perplexity --tokens 5 --threads 3 -- a b",
    })
    void theThreadsOfACellAreAmongTheWordsThatAreSent(String typed, String sent) {
        CommandSpec command = ResonanceCli.program(folder)
                .parseArgs(typed.split(" ", -1))
                .subcommand()
                .commandSpec();
        RunnerOptions runners =
                (RunnerOptions) requireNonNull(command.mixins().get("runners")).userObject();
        assertThat(runners.recipe(folder, 3).words()).containsExactly(sent.split(" ", -1));
    }
}
