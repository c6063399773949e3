package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasskeyCommandTest extends WithTinyModel {
    private String command() {
        return "passkey " + tiny.folder()
                + " --lengths 600 --compare none,linear --precision float32 --threads 1 --out " + folder;
    }

    @Test
    void asksReportsAndKeepsWhatItDid() throws IOException {
        CommandRun first = CommandRun.of(command() + " --depths 2 --trials 1");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.err())
                .contains("Settings: --lengths 600 --depths 2 --trials 1 --seed 1 --compare none,linear --factor 18.75")
                .contains("0 of 4 cells are finished in " + folder + "; running 4. Report so far: ");
        assertThat(first.out()).endsWith("Report: " + folder.resolve("report.html") + System.lineSeparator());
        assertThat(Files.readString(folder.resolve("report.html"))).contains("<html");

        CommandRun second = CommandRun.of(command() + " --depths 2 --trials 1");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err().lines())
                .last()
                .isEqualTo("All 4 cells are finished in " + folder + "; nothing to run.");
        assertThat(CommandRun.of(command() + " --depths 2 --trials 2").err())
                .contains("4 of 8 cells are finished in " + folder + "; running 4.");
    }

    @Test
    void jsonHasTheKeysThatScriptsRelyOnAndNothingElseIsPrinted() throws IOException {
        CommandRun run = CommandRun.of(command() + " --depths 3 --trials 1 --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(Files.readString(folder.resolve("passkey.json")));
        JsonNode results = new ObjectMapper().readTree(run.out()).get("results");
        assertThat(results).hasSize(6);
        JsonNode last = results.get(5);
        assertThat(last.get("encoding").textValue()).isEqualTo("linear");
        assertThat(last.get("length").intValue()).isEqualTo(600);
        assertThat(last.get("depth").doubleValue()).isEqualTo(1);
        assertThat(last.get("accuracy").doubleValue()).isBetween(0.0, 1.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--compare yarm|--compare 'yarm' is unknown; known: none, linear, ntk, abf, dynamic-ntk, ntk-by-parts, yarn,"
                        + " yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                        + " ntk-critical, mrrope, cope, model, and resonance- before any, or self-extend,"
                        + " rerope, string; did"
                        + " you mean 'yarn'?",
                "--depths 0|--depths must be at least 1, was 0; leave it out for its default",
                "--trials 0|--trials must be at least 1, was 0; leave it out for its default",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) {
        CommandRun run =
                CommandRun.of("passkey " + tiny.folder() + " --out " + folder.resolve("unused") + " " + options);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).last().isEqualTo(line);
    }
}
