package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateCommandTest extends WithTinyModel {
    private static CommandRun generate(String options) {
        return CommandRun.of("generate " + tiny.folder() + " --precision float32 --threads 1 " + options);
    }

    private static JsonNode json(String options) throws IOException {
        CommandRun run = generate(options + " --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void printsTheContinuationAndItsSpeed() throws IOException {
        CommandRun run = generate("--prompt grass --greedy --max-tokens 12");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualTo(json("--prompt grass --greedy --max-tokens 12")
                                .get("text")
                                .textValue()
                        + System.lineSeparator());
        assertThat(run.err().lines())
                .last()
                .asString()
                .matches("\\d+ tokens read at [\\d,]+ a second, 12 written at [\\d.]+ a second; maximum-tokens");
    }

    @Test
    void jsonHasTheKeysThatScriptsRelyOn() throws IOException {
        JsonNode json = json("--prompt grass --greedy --encoding resonance-yarn --factor 2 --max-tokens 12");
        assertThat(json.get("encoding").textValue()).isEqualTo("resonance-yarn");
        assertThat(json.get("factor").doubleValue()).isEqualTo(2);
        assertThat(json.get("prompt").textValue()).isEqualTo("grass");
        assertThat(json.get("text").textValue()).isNotEmpty();
        assertThat(json.get("promptTokens").intValue()).isPositive();
        assertThat(json.get("tokens").intValue()).isEqualTo(12);
        assertThat(json.get("end").textValue()).isEqualTo("maximum-tokens");
        assertThat(json.get("tokensPerSecond").doubleValue()).isPositive();
    }

    @Test
    void theSameSeedWritesTheSameText() throws IOException {
        String text = json("--max-tokens 12 --prompt sky --seed 7").get("text").textValue();
        assertThat(json("--max-tokens 12 --prompt sky --seed 7").get("text").textValue())
                .isEqualTo(text);
        assertThat(json("--max-tokens 12 --prompt sky --seed 8").get("text").textValue())
                .isNotEqualTo(text);
    }

    @Test
    void theFactorFollowsFromPromptAndText() throws IOException {
        JsonNode json = json("--prompt sky --encoding linear --max-tokens 100 --greedy");
        double length = json.get("promptTokens").intValue() + 100.0;
        assertThat(json.get("factor").doubleValue()).isEqualTo(length / 32);
    }

    @Test
    void thePromptMayComeFromAFileOrStandardInput() throws IOException {
        String expected =
                json("--prompt grass --greedy --max-tokens 12").get("text").textValue();
        Path file = Files.writeString(shared.resolve("prompt.txt"), "grass");
        assertThat(json("--greedy --max-tokens 12 --prompt-file " + file)
                        .get("text")
                        .textValue())
                .isEqualTo(expected);
        InputStream in = System.in;
        try {
            System.setIn(new ByteArrayInputStream("grass".getBytes(StandardCharsets.UTF_8)));
            assertThat(json("--greedy --max-tokens 12 --prompt-file -")
                            .get("text")
                            .textValue())
                    .isEqualTo(expected);
        } finally {
            System.setIn(in);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--greedy|--prompt must be given, was left out; --prompt-file - reads it from standard input",
                "--prompt a --prompt-file b|--prompt must be given without --prompt-file, was given with it; leave one of them out",
                "--prompt-file /dev/null/x|--prompt-file must be a file, was /dev/null/x; correct the path, or - for"
                        + " standard input",
                "--prompt a --encoding yarm|--encoding 'yarm' is unknown; known: none, linear, ntk, abf, dynamic-ntk,"
                        + " ntk-by-parts, yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                        + " ntk-critical, mrrope, cope, model, and resonance-"
                        + " before any; did you mean 'yarn'?",
                "--prompt a --beta-fast 8|--beta-fast must go with --encoding ntk-by-parts or yarn or yarn-paper or"
                        + " dynamic-yarn or mrrope, was given with model; leave it out or change --encoding",
                "--prompt a --greedy --top-k 3|--top-k must be given without --greedy, was given with it; leave one of them out",
                "--prompt a --top-p 0|--top-p must be above 0 and at most 1, was 0; 1 keeps all tokens",
                "--prompt a --temperature -1|--temperature must be a finite number of at least 0, was -1; 0 is greedy",
            })
    void whatCannotBeIsRefusedByTheNameOfItsOption(String options, String line) {
        assertThat(generate(options)).isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
    }
}
