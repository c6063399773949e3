package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandArgumentsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate --prompt x --prompt-file @prompt",
                "perplexity @prompt",
                "passkey @prompt",
                "export @prompt --scaling yarn --out x",
                "lint @prompt",
                "rope @prompt",
                "report @prompt"
            })
    void aWordThatBeginsWithAtIsNoArgumentFile(String command) throws IOException {
        Path file = folder.resolve("prompt");
        Files.writeString(file, "--help");
        CommandRun run = CommandRun.of(command.replace("@prompt", "@" + file));
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(1);
    }

    @Test
    void bytesThatAreNoTextAreRefusedInOneLine() throws IOException, InterruptedException {
        assertThat(run("C.UTF-8", "rope", "$(printf 'caf\\351\\n\\001x')"))
                .isEqualTo("2: argument 2 must be UTF-8 text, was 'caf\\xe9\\x0a\\x01x'; convert it, for example with"
                        + " iconv\n");
    }

    @Test
    void textThatTheLocaleHasNoCharactersForIsRefused() throws IOException, InterruptedException {
        assertThat(run("C", "rope", "caf\\303\\251"))
                .isEqualTo(
                        "2: the locale must have UTF-8 characters for argument 2, has ANSI_X3.4-1968; set LC_ALL to a"
                                + " UTF-8 locale that 'locale -a' lists, or install one\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\u00e9", "\ufffd", "\u65e5\u672c", "\ud83d\ude00"})
    void textReachesTheProgramAsItIs(String text) throws IOException, InterruptedException {
        StringBuilder octal = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            octal.append(String.format("\\%03o", b & 0xff));
        }
        assertThat(run("C.UTF-8", "rope", octal.toString()))
                .isEqualTo("2: MODEL must be a Hugging Face folder or a GGUF file, was " + text
                        + ", which is missing; scripts/fetch-model brings one\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UTF-8 | argument 1 must be in the locale's characters (UTF-8), was not; type it anew in a terminal of that"
                        + " encoding",
            })
    void whereTheBytesAreNotKnownTheReplacementIsRefused(String encoding, String line) {
        assertThat(CommandArguments.refusal(new String[] {"a\ufffd"}, List.of(), encoding))
                .isEqualTo(line);
        assertThat(CommandArguments.refusal(new String[] {"a"}, List.of(), encoding))
                .isNull();
    }

    @Test
    void aLongArgumentIsShownInPart() {
        byte[] bytes = ("\u00e9" + "x".repeat(100)).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(CommandArguments.refusal(new String[] {"\ufffd"}, List.of(bytes), "EUC-JP"))
                .isEqualTo("argument 1 must be EUC-JP text, was '\\xe9" + "x".repeat(59)
                        + "...'; convert it, for example with iconv");
    }

    /** Exit code and standard error of a command whose last argument is printf's output for {@code format}. */
    private String run(String locale, String command, String format) throws IOException, InterruptedException {
        String argument = format.startsWith("$") ? format : "$(printf '" + format + "')";
        ProcessBuilder process = new ProcessBuilder(
                "sh",
                "-c",
                "exec \"$0\" -cp \"$1\" " + ResonanceCli.class.getName() + " " + command + " \"" + argument + "\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"));
        process.environment().put("LC_ALL", locale);
        Path err = folder.resolve("err.txt");
        Process running = process.redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return running.exitValue() + ": " + Files.readString(err);
    }
}
