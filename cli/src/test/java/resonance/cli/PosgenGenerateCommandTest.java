package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PosgenGenerateCommandTest {
    private static final String SMALL = " --train 30 --validation 10 --test 5 --train-length 8 --test-length 12";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void writesTheAuthorsDataInTheAuthorsFormat() throws IOException {
        CommandRun run = CommandRun.of("posgen generate --compat authors --task cot --modulus 17 --near 3 --far 1"
                + " --train-length 64 --test-length 256 --train 10000 --validation 1000 --test 1000 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> train = Files.readAllLines(folder.resolve("train.txt"));
        assertThat(train).hasSize(10_000);
        assertThat(train.get(0))
                .startsWith("0 1 2 3 6 11 3 3 0 6 9 15 ")
                .hasSize(train.get(0).strip().length());
        assertThat(train.get(0).split(" ", -1)).hasSize(64);
        List<String> test = Files.readAllLines(folder.resolve("test.txt"));
        assertThat(test).hasSize(1000);
        assertThat(test.get(0).split(" ", -1)).hasSize(256);
        assertThat(Files.readAllLines(folder.resolve("validation.txt")).get(0)).startsWith(train.get(0));
        assertThat(Files.readString(folder.resolve("train.txt"))).doesNotEndWith("\n");
    }

    @Test
    void jsonIsTheManifestAndNothingElse() throws IOException {
        CommandRun run = CommandRun.of("posgen generate --json --format jsonl --seed 7 --out " + folder + SMALL);
        assertThat(run).isEqualTo(new CommandRun(0, Files.readString(folder.resolve("manifest.json")), ""));
        assertThat(run.out()).contains("\"seed\": 7,", "\"format\": \"jsonl\",");
        assertThat(Files.readAllLines(folder.resolve("train.jsonl"))).hasSize(30);
    }

    @Test
    void writesTheOtherTasksWithTheirSettings() throws IOException {
        String sizes = " --train 3 --validation 1 --test 1 --train-length 32 --test-length 64 --json --out ";
        CommandRun recall = CommandRun.of("posgen generate --task mqar --vocabulary 12 --pairs 2 --gap-exponent 1"
                + sizes + folder.resolve("recall"));
        assertThat(recall.exitCode()).as(recall.err()).isZero();
        assertThat(recall.out())
                .contains("\"task\": \"mqar\"", "\"vocabulary\": 12", "\"pairs\": 2", "\"gapExponent\": 1.0");
        CommandRun flips =
                CommandRun.of("posgen generate --task flip-flop --ignored 0.5" + sizes + folder.resolve("flips"));
        assertThat(flips.out()).contains("\"ignored\": 0.5", "\"testIgnored\": 0.5");
        assertThat(Files.readAllLines(folder.resolve("flips/train.txt")))
                .hasSize(3)
                .allMatch(row -> row.matches("2 [01]( [234] [01]){14} 3 [01]"));
    }

    @Test
    void saysWhatItWrote() {
        CommandRun run = CommandRun.of("posgen generate --out " + folder + SMALL);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll("\\d+ bytes", "N bytes")))
                .containsExactly(
                        folder.resolve("train.txt") + ": 30 sequences of 8 tokens, N bytes",
                        folder.resolve("validation.txt") + ": 10 sequences of 12 tokens, N bytes",
                        folder.resolve("test.txt") + ": 5 sequences of 12 tokens, N bytes",
                        folder.resolve("manifest.json") + ": parameters, seed and hashes");
    }

    @Test
    void aFolderOfAnotherExperimentIsRefusedAndLeftAlone() throws IOException {
        CommandRun.of("posgen generate --seed 1 --out " + folder + SMALL);
        String before = Files.readString(folder.resolve("train.txt"));
        CommandRun run = CommandRun.of("posgen generate --seed 2 --out " + folder + SMALL);
        assertThat(run)
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--out must be empty or hold this experiment, was " + folder
                                + ", which holds another one (manifest.json has \"seed\": 1, this experiment \"seed\": 2);"
                                + " choose another folder" + System.lineSeparator()));
        assertThat(Files.readString(folder.resolve("train.txt"))).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--modulus 5|--train + --validation + --test must be at most modulus^(far + near) = 5^4 = 625, was 12000; take a"
                        + " larger modulus, far or near, or fewer rows",
                "--test-length 32|--test-length must be at least the --train-length, 64, was 32; swap them or ask for a longer"
                        + " test",
                "--train-length 4|--train-length must be more than far + near = 4, was 4; shorter rows hold nothing to predict",
                "--train 0|--train must be at least 1, was 0; leave it out for its default",
                "--near -1|--near must be at least 0, was -1; leave it out for its default",
                "--modulus 1|--train + --validation + --test must be at most modulus^(far + near) = 1^4 = 1, was 12000; take a"
                        + " larger modulus, far or near, or fewer rows",
                "--task cott|--task 'cott' is unknown; known: recursive, cot, semi-recursive, mqar, flip-flop; did you mean 'cot'?",
                "--task mqar --far 2|--far must go with --task recursive, cot, semi-recursive, was 2; leave it out",
                "--task flip-flop --function squared-sine|--function must go with --task recursive, cot, semi-recursive, was"
                        + " 'squared-sine'; leave it out",
                "--pairs 4|--pairs must go with --task mqar, was 4; leave it out",
                "--task mqar --test-ignored 0.5|--test-ignored must go with --task flip-flop, was 0.5; leave it out",
                "--task mqar --pairs 40|--pairs must be from 1 to the keys of the --vocabulary, 64 / 2 - 1 = 31, was 40; take"
                        + " fewer pairs or a larger vocabulary",
                "--task flip-flop --train-length 63|--train-length must be even and at least 4, was 63; an instruction of"
                        + " flip-flop has a bit behind it",
                "--task mqar --compat authors|--task must be one of recursive, cot, semi-recursive with --compat authors, was"
                        + " 'mqar'; leave one of them out",
                "--format txt|--format 'txt' is unknown; known: text, jsonl; did you mean 'text'?",
                "--function squared-sin|--function 'squared-sin' is unknown; known: modular-addition, squared-sine, absolute-sine, far-product, far-selection; did you"
                        + " mean 'squared-sine'?",
                "--compat authors --near 0|--near must be at least 1 in compatibility mode, where the authors' generator takes"
                        + " all earlier tokens for no near ones, was 0; ask for a near token or leave compatibility mode",
                "--compat author|--compat 'author' is unknown; known: authors; did you mean 'authors'?",
                "--compat authors --seed 3|--seed must not be given with --compat authors, which draws nothing, was 3; leave one"
                        + " of them out",
                "--compat authors --test-length 1024|--test-length must be at most 512 in compatibility mode, where the authors'"
                        + " generator stops, was 1024; ask for shorter rows or leave compatibility mode",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) {
        Path unused = folder.resolve("unused");
        assertThat(CommandRun.of("posgen generate --json --out " + unused + " " + options))
                .isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
        assertThat(unused).doesNotExist();
    }
}
