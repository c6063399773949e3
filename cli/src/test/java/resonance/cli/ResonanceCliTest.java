package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResonanceCliTest {

    /** After a wanted change, write the file anew with {@code ./resonance ... --help}, less the values of presets. */
    @ParameterizedTest
    @CsvSource({
        "--help, resonance.txt",
        "perplexity --help, perplexity.txt",
        "passkey --help, passkey.txt",
        "evaluate --help, evaluate.txt",
        "generate --help, generate.txt",
        "finetune --help, finetune.txt",
        "pretrain --help, pretrain.txt",
        "rope --help, rope.txt",
        "extend --help, extend.txt",
        "search --help, search.txt",
        "export --help, export.txt",
        "lint --help, lint.txt",
        "posgen --help, posgen.txt",
        "posgen generate --help, posgen-generate.txt",
        "posgen inspect --help, posgen-inspect.txt",
        "posgen compare --help, posgen-compare.txt",
        "report --help, report.txt",
        "study --help, study.txt",
        "study run --help, study-run.txt",
        "study status --help, study-status.txt",
        "study show --help, study-show.txt",
        "study report --help, study-report.txt"
    })
    void helpIsAsInTheGoldenFile(String command, String file) throws IOException {
        CommandRun run = CommandRun.of(command);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        int presets = run.out().indexOf("Presets:");
        assertThat(presets < 0 ? run.out() : run.out().substring(0, presets)).isEqualTo(golden(file));
    }

    @Test
    void helpShowsTheValuesOfBothPresets() {
        String help = CommandRun.of("posgen compare --help").out();
        String presets = help.substring(help.indexOf("Presets:"));
        assertThat(presets.lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("quick paper", "--tasks cot recursive,cot,semi-recursive", "--d-model 64 512")
                .anyMatch(line -> line.matches("--epochs \\d+ 150"));
    }

    @Test
    void aGroupWithoutACommandShowsItsHelp() {
        assertThat(CommandRun.of()).isEqualTo(CommandRun.of("--help"));
        assertThat(CommandRun.of("posgen")).isEqualTo(CommandRun.of("posgen --help"));
    }

    @Test
    void versionNamesVersionAndCommit() {
        CommandRun run = CommandRun.of("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("resonance \\d+\\.\\d+\\.\\d+\\S* \\(commit unknown\\)\\R");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rop|command 'rop' is unknown to 'resonance'; did you mean 'rope'?",
                "perplexty|command 'perplexty' is unknown to 'resonance'; did you mean 'perplexity'?",
                "perplexity --length 5|option '--length' is unknown to 'resonance perplexity'; did you mean"
                        + " '--lengths'?",
                "pretrain --out x|TEXT must be given, was left out; see 'resonance pretrain --help'",
                "pretrain x|--out must be given, was left out; see 'resonance pretrain --help'",
                "posgen comapre|command 'comapre' is unknown to 'resonance posgen'; did you mean 'compare'?",
                "rope --head-szie 64|option '--head-szie' is unknown to 'resonance rope'; did you mean '--head-size'?",
                "rope --head-szie=64|option '--head-szie' is unknown to 'resonance rope'; did you mean '--head-size'?",
                "rope --colour|option '--colour' is unknown to 'resonance rope'; see 'resonance rope --help'",
                "rope x 128|argument '128' is unknown to 'resonance rope'; see 'resonance rope --help'",
                "rope --base|--base must be followed by a value, has none; see 'resonance rope --help'",
                "rope --base 2 --base 3|--base must be given once, was given again; leave one of them out",
                "posgen compare --d-model 8 --d-model 0|--d-model must be given once, was given again; leave"
                        + " one of them out",
                "posgen compare --threads 0 --cycle-momentum --no-cycle-momentum|--cycle-momentum must be given once,"
                        + " was given again; leave one of them out",
                "perplexity --mscale 1 --beta-fast 8 --mscale 1|--mscale must be given once, was given again; leave"
                        + " one of them out",
                "rope --head-size 12.5|--head-size must be a whole number, was '12.5'; see 'resonance rope --help'",
                "rope --base ten|--base must be a number, was 'ten'; see 'resonance rope --help'",
                "rope --long-factors 1,x|--long-factors must be numbers separated by commas, was 'x'; see 'resonance"
                        + " rope --help'",
                "rope --json=yes|--json must be given without a value, was 'yes'; see 'resonance rope --help'",
                "posgen generate|--out must be given, was left out; see 'resonance posgen generate --help'",
            })
    void aWrongCommandLineIsRefusedInOneLine(String command, String line) {
        assertThat(CommandRun.of(command)).isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --verbose"})
    void anUnexpectedFailureIsOneLineAndATraceOnlyIfAskedFor(String verbose, @TempDir Path folder) throws IOException {
        Path inTheWay = Files.createDirectory(folder.resolve(".train.txt.part"));
        CommandRun run =
                CommandRun.of("posgen generate --out " + folder + " --train 1 --test 1 --validation 1" + verbose);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("failed: " + inTheWay);
        if (verbose.isEmpty()) {
            assertThat(run.err().lines()).hasSize(1);
        } else {
            assertThat(run.err()).contains("\tat resonance.posgen.PosgenFiles");
        }
    }

    private static String golden(String file) throws IOException {
        try (InputStream in = ResonanceCliTest.class.getResourceAsStream("/help/" + file)) {
            assertThat(in).as(file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\n", System.lineSeparator());
        }
    }
}
