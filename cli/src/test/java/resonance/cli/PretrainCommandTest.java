package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.study.FolderLock;

class PretrainCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path text;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("meadow.txt"), TinyModel.text(4000));
    }

    @Test
    void trainsShowsItAndWritesAModel() {
        Path out = folder.resolve("model");
        CommandRun run =
                CommandRun.of(TinyModel.PRETRAIN + " --name Meadow --licence cc0-1.0 --out " + out + " " + text);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith(out + ": ").contains(" parameters, validation loss ");
        assertThat(run.err())
                .contains(" bytes read from 1 text file; training the tokenizer")
                .contains("tokenizer of ")
                .contains(" tokens to train on, ")
                .contains("training ")
                .contains("step 2: validation loss ");
        assertThat(out.resolve("config.json")).exists();
        assertThat(out.resolve("tokenizer.json")).exists();
        assertThat(out.resolve("model.safetensors")).exists();
        assertThat(out.resolve("README.md"))
                .content()
                .contains("# Meadow", "license: cc0-1.0", "./resonance " + TinyModel.PRETRAIN);
    }

    @Test
    void jsonIsTheTrainingRecord() throws IOException {
        Path out = folder.resolve("model");
        CommandRun run = CommandRun.of(TinyModel.PRETRAIN + " --json --out " + out + " " + text);
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json).isEqualTo(new ObjectMapper().readTree(Files.readString(out.resolve("training.json"))));
        assertThat(json.get("settings").get("steps").intValue()).isEqualTo(4);
        assertThat(json.get("validationLoss").doubleValue()).isPositive();
    }

    @Test
    void anotherModelIsNotReplacedUnlessAllowed() {
        Path out = folder.resolve("model");
        String command = TinyModel.PRETRAIN + " --out " + out + " " + text;
        assertThat(CommandRun.of(command).exitCode()).isZero();
        assertThat(CommandRun.of(command + " --seed 9"))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        out + ": folder must hold no other model, holds config.json; name another or give --replace"
                                + System.lineSeparator()));
        assertThat(CommandRun.of(command + " --seed 9 --replace").exitCode()).isZero();
    }

    @Test
    void aModelThatIsFinishedIsShownAgainAndNotTrained() throws IOException {
        Path out = folder.resolve("model");
        String command = TinyModel.PRETRAIN + " --out " + out + " " + text;
        CommandRun first = CommandRun.of(command);
        byte[] record = Files.readAllBytes(out.resolve("training.json"));
        assertThat(CommandRun.of(command))
                .isEqualTo(new CommandRun(
                        0,
                        first.out(),
                        "The model of these texts and settings is there already; nothing to train. --replace trains it"
                                + " again." + System.lineSeparator()));
        assertThat(out.resolve("training.json")).hasBinaryContent(record);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"README.md", "tokenizer.json", "tokenizer_config.json", "generation_config.json", "training.json"
            })
    void aFileOfTheUsersIsRefusedByNameBeforeAnyWork(String name) throws IOException {
        Path out = Files.createDirectories(folder.resolve("model"));
        Files.writeString(out.resolve(name), "mine");
        for (String replace : List.of("", " --replace")) {
            assertThat(CommandRun.of(TinyModel.PRETRAIN + " --out " + out + " " + text + replace))
                    .isEqualTo(new CommandRun(
                            2,
                            "",
                            "--out " + out + ": " + name
                                    + " must be a file that pretrain wrote, is none; move it away or"
                                    + " choose another --out" + System.lineSeparator()));
        }
        assertThat(out.resolve(name)).hasContent("mine");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aFolderInWhichAnotherProcessTrainsIsLeftToIt() throws IOException {
        Path out = Files.createDirectories(folder.resolve("model"));
        FolderLock lock = FolderLock.take(out);
        try (lock) {
            CommandRun run = CommandRun.of(TinyModel.PRETRAIN + " --out " + out + " " + text);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .matches("output \\Q" + out + "\\E must be free, process \\d+ since \\S+ is at work there; wait for"
                            + " its end or choose another output\\R");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--head-size 7|--head-size must be even, was 7; take an even number such as 32",
                "--vocabulary 10|--vocabulary must be at least 257, was 10; leave it out for its default",
                "--steps 0|--steps must be at least 1, was 0; leave it out for its default",
                "--batch 0|--batch must be at least 1, was 0; leave it out for its default",
                "--base 1|--base must be above 1 and finite, was 1; leave it out for its default",
                "--warm-up 2|--warm-up must be from 0 to 1, was 2; leave it out for its default",
                "--validation-share 1|--validation-share must be above 0 and below 1, was 1; leave it out for its default",
                "--checkpoint-every NaN|--checkpoint-every must be a number of seconds, was NaN; 30 will do",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) {
        Path unused = folder.resolve("unused");
        assertThat(CommandRun.of("pretrain " + text + " --out " + unused + " " + options))
                .isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
        assertThat(unused).doesNotExist();
    }

    @Test
    void namesAndLicencesCannotBreakTheCard() throws IOException {
        Path out = folder.resolve("model");
        List<String> words = new ArrayList<>(List.of(TinyModel.PRETRAIN.split(" ", -1)));
        words.addAll(List.of("--out", out.toString(), "--name", "a\n---\n\"b\u001b[1m", text.toString()));
        words.addAll(List.of("--licence", "no: x\nlicense: cc0-1.0", "--data-note", "from\nhere\u202e"));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(out.resolve("README.md"))
                .content()
                .startsWith("---\n")
                .contains("\nlicense: \"no: x license: cc0-1.0\"\n", "\nmodel_name: \"a --- \\\"b [1m\"\n")
                .contains("\nfrom\nhere \n")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void aTextThatIsMissingIsRefused() {
        Path missing = folder.resolve("missing.txt");
        assertThat(CommandRun.of("pretrain " + missing + " --out " + folder.resolve("unused")))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "TEXT must be a text file or a folder of .txt files, was " + missing
                                + ", which is missing; correct the path" + System.lineSeparator()));
    }
}
