package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PosgenInspectCommandTest {
    @Test
    void theRuleOfThePaperHasAShortcut() {
        CommandRun run = CommandRun.of("posgen inspect --modulus 7");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("""
                        cot, modulus 7, far 1, near 3, modular-addition; every seed, positions 64 to 71

                        The next token is determined by:
                          x(l-4), x(l-1)
                          far 0, x(l-4), x(l-3), x(l-2)
                          far 0, x(l-3), x(l-2), x(l-1)

                        Best guess from the nearest tokens alone:
                           0 tokens:  14.3 %
                           1 token:   14.3 %
                           2 tokens:  14.3 %
                           3 tokens:  14.3 %
                           4 tokens: 100.0 %

                        Shortcut: x(l-4), x(l-1) will do. A model that never finds a far token can score 100 % on this rule.
                        """);
    }

    @Test
    void jsonSaysWhetherFarTokensAreNeeded() throws IOException {
        CommandRun run = CommandRun.of(
                "posgen inspect --modulus 7 --far 3 --near 2 --function far-selection --positions 2 --json");
        JsonNode document = new ObjectMapper().readTree(run.out());
        assertThat(document.get("shortcut").booleanValue()).isFalse();
        assertThat(document.get("nearAccuracy").doubleValue()).isBetween(1 / 7.0, 0.6);
        assertThat(document.get("windows").get(3).get("accuracy")).isEqualTo(document.get("nearAccuracy"));
        assertThat(document.get("determiningSets").get(0).get(0).get("far").booleanValue())
                .isTrue();
        assertThat(document.get("function").textValue()).isEqualTo("far-selection");
    }

    @Test
    void ofTasksOfAnswersItSaysHowFarBackTheyStand() throws IOException {
        String flips = "posgen inspect --task flip-flop --ignored 0.5 --train-length 32 --test-length 64 --rows 200";
        CommandRun run = CommandRun.of(flips);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith(
                        "flip-flop, ignored 0.5, test ignored 0.5; 200 sequences of 32 tokens to train on, 200 of 64 to"
                                + " test" + System.lineSeparator())
                .contains(
                        "  training 0 to 31      ",
                        "  test     32 to 63     ",
                        "    1 token:    0.0 %",
                        "right in 50.0 %.");
        JsonNode document =
                new ObjectMapper().readTree(CommandRun.of(flips + " --json").out());
        assertThat(document.at("/settings/testIgnored").doubleValue()).isEqualTo(0.5);
        assertThat(document.get("chance").doubleValue()).isEqualTo(0.5);
        assertThat(document.get("test")).hasSize(2);
        assertThat(document.at("/test/1/meanDistance").doubleValue()).isBetween(3.0, 5.0);
        assertThat(document.at("/near/1/share").doubleValue()).isBetween(0.4, 0.6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--modulus 1000; --modulus^(far + near) must be at most 1048576 for an inspection, which tries all, was 1000^4;"
                        + " take a smaller modulus",
                "--first-position 7; --first-position must be at least far + near + window (8), and with --positions at most"
                        + " 65536, was 7 with 8; leave it out for its default",
                "--window 2; --window must be from near (3) to 16 less far (15), was 2; leave it out for its default",
                "--task mqar --modulus 5; --modulus must go with --task recursive, cot, semi-recursive, was 5; leave it out",
                "--rows 5; --rows must go with --task mqar, flip-flop, was 5; leave it out",
                "--task flip-flop --pairs 5; --pairs must go with --task mqar, was 5; leave it out",
                "--task mqar --rows 70000; --rows must be at most 65536 for sequences of 256 tokens, was 70000; leave it out"
                        + " for its default",
                "--far -1; --far must be at least 0, was -1; leave it out for its default",
            })
    void refusesWhatItCannotTry(String options, String message) {
        CommandRun run = CommandRun.of("posgen inspect " + options);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith(message);
    }
}
