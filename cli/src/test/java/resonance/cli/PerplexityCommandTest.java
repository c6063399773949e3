package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerplexityCommandTest extends WithTinyModel {
    private static final String SETTINGS = " --compare none,yarn,resonance-yarn --precision float32 --threads 1";

    private String command() {
        return "perplexity " + tiny.folder() + " " + tiny.text() + SETTINGS + " --tokens 300 --out " + folder;
    }

    @Test
    void measuresReportsAndKeepsWhatItDid() throws IOException {
        CommandRun first = CommandRun.of(command() + " --lengths 128,32");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.err())
                .startsWith("Model: ")
                .contains("(llama, 1 layers of width 16, trained on 32 tokens), " + tiny.folder())
                .contains("Settings: --lengths 32,128 --compare none,yarn,resonance-yarn --factor 4 --protocol token")
                .contains("0 of 6 cells are finished in " + folder + "; running 6. Report so far: "
                        + folder.resolve("report.html"))
                .contains("cell 1/6, none / length 32 / meadow.txt: perplexity ")
                .contains("cell 6/6, resonance-yarn / length 128 / meadow.txt: perplexity ");
        assertThat(first.out()).endsWith("Report: " + folder.resolve("report.html") + System.lineSeparator());
        assertThat(Files.readString(folder.resolve("report.html"))).contains("<html");

        CommandRun second = CommandRun.of(command() + " --lengths 128,32");
        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err().lines())
                .last()
                .isEqualTo("All 6 cells are finished in " + folder + "; nothing to run.");

        CommandRun third = CommandRun.of(command() + " --lengths 32,64,128 --factor 4");
        assertThat(third.err())
                .contains("6 of 9 cells are finished in " + folder + "; running 3.")
                .contains("cell 7/9, none / length 64 / meadow.txt: perplexity ")
                .doesNotContain("length 32 /");
    }

    @Test
    void jsonHasTheKeysThatScriptsRelyOnAndNothingElseIsPrinted() throws IOException {
        CommandRun run = CommandRun.of(command() + " --lengths 64 --protocol llama.cpp --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(run.out()).isEqualTo(Files.readString(folder.resolve("perplexity.json")));
        JsonNode results = json.get("results");
        assertThat(results).hasSize(3);
        JsonNode result = results.get(2);
        List<String> names = new ArrayList<>();
        result.fieldNames().forEachRemaining(names::add);
        assertThat(names).contains("encoding", "length", "perplexity", "tokens", "protocol", "tokensPerSecond");
        assertThat(result.get("encoding").textValue()).isEqualTo("resonance-yarn");
        assertThat(result.get("length").intValue()).isEqualTo(64);
        assertThat(result.get("protocol").textValue()).isEqualTo("llama.cpp");
        assertThat(result.get("tokens").intValue()).isEqualTo(4 * 31);
        assertThat(result.get("perplexity").doubleValue()).isBetween(1.0, 1000.0);
        assertThat(result.get("tokensPerSecond").doubleValue()).isPositive();
        JsonNode differences = json.get("differences");
        assertThat(differences).hasSize(2);
        JsonNode difference = differences.get(1);
        assertThat(difference.get("encoding").textValue()).isEqualTo("resonance-yarn");
        assertThat(difference.get("baseline").textValue()).isEqualTo("yarn");
        assertThat(difference.get("length").intValue()).isEqualTo(64);
        double ratio = result.get("perplexity").doubleValue()
                / results.get(1).get("perplexity").doubleValue();
        assertThat(difference.get("meanLoss").doubleValue()).isCloseTo(Math.log(ratio), within(1e-12));
        assertThat(difference.get("percent").doubleValue()).isCloseTo(100 * (ratio - 1), within(1e-9));
        assertThat(difference.get("percentLow").doubleValue())
                .isLessThan(difference.get("percentHigh").doubleValue());
        assertThat(difference.get("windows").intValue()).isEqualTo(4);
        assertThat(difference.get("documents").intValue()).isEqualTo(1);
        assertThat(difference.get("unit").textValue()).isEqualTo("block");
        assertThat(difference.get("verdict").textValue()).isIn("better", "worse", "undecided");
        assertThat(json.get("provenance").get("commandLine").textValue())
                .isEqualTo("./resonance " + command() + " --lengths 64 --protocol llama.cpp --json");
    }

    @Test
    void lengthsAndFactorFollowFromTheTrainedLength() {
        CommandRun run = CommandRun.of(command());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("Settings: --lengths 16,32,64,128 ", " --factor 4 ");
    }

    @Test
    void withinTheTrainedLengthTheFactorIsOne() {
        assertThat(CommandRun.of(command() + " --lengths 16").err()).contains(" --factor 1 ");
    }

    @Test
    void aFolderStandsForTheTextsInIt() throws IOException {
        Path texts = Files.createDirectory(folder.resolve("texts"));
        Files.writeString(texts.resolve("b.txt"), TinyModel.text(100));
        Files.writeString(texts.resolve("a.txt"), TinyModel.text(200));
        Files.writeString(texts.resolve("notes.md"), "not a text");
        CommandRun run = CommandRun.of("perplexity " + tiny.folder() + " " + texts
                + " --compare none --lengths 32 --out " + folder.resolve("out"));
        assertThat(run.err()).contains("cell 1/2, none / length 32 / a.txt", "cell 2/2, none / length 32 / b.txt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--compare none,yarm|--compare 'yarm' is unknown; known: none, linear, ntk, abf, dynamic-ntk, ntk-by-parts,"
                        + " yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                        + " ntk-critical, mrrope, cope, model, and resonance- before any, or self-extend, rerope, string;"
                        + " did you mean 'yarn'?",
                "--compare yarn,yarn|--compare must not repeat, were [yarn, yarn]; leave it out for its default",
                "--factor 0.5|--factor must be a finite number of at least 1, was 0.5; leave it out for longest length /"
                        + " trained length",
                "--protocol tokens|--protocol 'tokens' is unknown; known: token, yarn, llama.cpp; did you mean 'token'?",
                "--stride 8|--stride must go with --protocol yarn, was given with token; leave one of them out",
                "--protocol yarn --stride 0|--stride must be at least 1, was 0; leave it out for its default",
                "--compare none --beta-fast 8|--beta-fast must go with --compare ntk-by-parts or yarn or yarn-paper or"
                        + " dynamic-yarn or mrrope, was given with none; leave it out or change --compare",
                "--beta-fast 0.5|--beta-fast must be above --beta-slow (1), was 0.5; the usual values are --beta-fast 32"
                        + " --beta-slow 1",
                "--lengths 1|--lengths must be at least 2 tokens, found 1; leave it out for its default",
                "--lengths 64,x|--lengths must be whole numbers separated by commas, was 'x'; see 'resonance perplexity"
                        + " --help'",
                "--tokens -1|--tokens must be at least 0, was -1; 0 uses all tokens",
                "--precision fp16|--precision 'fp16' is unknown; known: auto, float32, bfloat16",
                "--threads 0|--threads must be from 1 to 1024, was 0; leave it out for its default",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) {
        Path unused = folder.resolve("unused");
        CommandRun run =
                CommandRun.of("perplexity " + tiny.folder() + " " + tiny.text() + " --out " + unused + " " + options);
        assertThat(run).isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
        assertThat(unused).doesNotExist();
    }

    @Test
    void aTextThatIsTooShortIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("short.txt"), "the grass is green");
        CommandRun run = CommandRun.of(
                "perplexity " + tiny.folder() + " " + text + " --lengths 64 --out " + folder.resolve("unused"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines())
                .last()
                .asString()
                .matches(
                        "tokens of text short.txt must be at least 64 for length 64 in protocol token, were \\d+; leave out"
                                + " the text or the length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --verbose"})
    void aDamagedModelIsNamedInOneLine(String verbose) throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged.gguf"), "GGUF");
        CommandRun run = CommandRun.of("perplexity " + damaged + " " + tiny.text() + verbose);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("damaged.gguf").doesNotContain("failed:");
        if (verbose.isEmpty()) {
            assertThat(run.err().lines()).hasSize(1);
        } else {
            assertThat(run.err()).contains("\tat resonance.model.");
        }
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(CommandRun.of("perplexity " + folder.resolve("none.gguf") + " " + tiny.text()))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "MODEL must be a Hugging Face folder or a GGUF file, was " + folder.resolve("none.gguf")
                                + ", which is missing; scripts/fetch-model brings one" + System.lineSeparator()));
        assertThat(CommandRun.of("perplexity " + tiny.folder() + " " + folder.resolve("none.txt")))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "FILE must be a text file or a folder of .txt files, was " + folder.resolve("none.txt")
                                + ", which is missing; correct the path" + System.lineSeparator()));
        assertThat(CommandRun.of("perplexity " + tiny.folder()))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "FILE must be given where the shipped text can't be found, was left out; start by ./resonance, which"
                                + " knows where it is" + System.lineSeparator()));
    }
}
