package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What options make of the words they are given, each by itself. */
class OptionValuesTest {
    private static final List<String> DEVICES = List.of("cpu", "cuda");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aKnownNameIsFound() {
        assertThat(KnownName.find("device", "cuda", DEVICES, Function.identity()))
                .isEqualTo("cuda");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"cpi|; did you mean 'cpu'?", "CPU|; did you mean 'cpu'?", "gpu|''", "''|''"})
    void anUnknownNameIsToldItsLikelyNeighbour(String name, String suggestion) {
        refused(
                () -> KnownName.find("device", name, DEVICES, Function.identity()),
                "device '" + name + "' is unknown; known: cpu, cuda" + suggestion);
    }

    @Test
    void secondsAreADuration() {
        assertThat(Seconds.duration("every", 1.5)).isEqualTo(Duration.ofMillis(1500));
        assertThat(Seconds.duration("every", 0)).isZero();
        assertThat(Seconds.duration("every", Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({"90s, 90", "5m, 300", "1.5h, 5400", "45, 45"})
    void aTimeIsWrittenAsPeopleWriteIt(String text, long seconds) {
        assertThat(Seconds.ofText("budget", text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0m", "0.0000000001s", "5 m", "-5m", "five", "5d"})
    void whatIsNoTimeIsRefused(String text) {
        refused(
                () -> Seconds.ofText("budget", text),
                "budget must be a time such as 90s, 5m or 1h, was '" + text + "'; 5m will do");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e10})
    void whatNoDurationHoldsIsRefused(double seconds) {
        refused(
                () -> Seconds.duration("every", seconds),
                "every must be a number of seconds, was " + seconds + "; 30 will do");
    }

    @Test
    void lengthsFitTheTrainedLengthUnlessAskedFor() {
        assertThat(new MeasuredLengths().forTrained(4096)).containsExactly(2048, 4096, 8192, 16_384);
        assertThat(new MeasuredLengths().forTrained(7)).containsExactly(4, 7, 14, 28);
        assertThat(new MeasuredLengths().forTrained(1)).containsExactly(2, 4);
        List<Integer> asked = CommandLine.populateCommand(new MeasuredLengths(), "--lengths", "9,5")
                .forTrained(4096);
        assertThat(asked).containsExactly(9, 5);
        assertThat(MeasuredLengths.option(asked)).isEqualTo("--lengths 9,5");
    }

    @Test
    void settingsWrapAtAHundredColumnsAndLoseNoWord() {
        Random random = new Random(71);
        for (int round = 0; round < 50; round++) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                words.add("--" + "x".repeat(1 + random.nextInt(60)));
            }
            StringWriter text = new StringWriter();
            SettingsText.print(words, new PrintWriter(text));
            assertThat(text.toString().lines()).allMatch(line -> line.length() <= 100);
            List<String> printed = List.of(text.toString().strip().split("\\s+", -1));
            assertThat(printed.get(0)).isEqualTo("Settings:");
            assertThat(printed.subList(1, printed.size())).isEqualTo(words);
        }
    }

    @Test
    void aFolderStandsForItsTextsByNameAndFilesKeepTheirOrder() throws IOException {
        Path b = Files.writeString(folder.resolve("b.txt"), "b");
        Path a = Files.writeString(folder.resolve("a.txt"), "a");
        Path other = Files.writeString(folder.resolve("c.md"), "c");
        assertThat(TextFiles.expand(List.of(other, folder, b))).containsExactly(other, a, b, b);
    }

    @Test
    void textsThatAreNotThereAreRefused() throws IOException {
        String rule = "FILE must be a text file or a folder of .txt files, was ";
        Path missing = folder.resolve("missing.txt");
        refused(() -> TextFiles.expand(List.of(missing)), rule + missing + ", which is missing; correct the path");
        Files.writeString(folder.resolve("c.md"), "c");
        refused(() -> TextFiles.expand(List.of(folder)), rule + folder + ", which has none; name files");
    }

    @Test
    void aPromptIsTheOptionTheFileOrStandardInput() throws IOException {
        Path file = Files.writeString(folder.resolve("prompt"), "Grüße\n");
        assertThat(prompt(new byte[0], "--prompt", " as it is ")).isEqualTo(" as it is ");
        assertThat(prompt(new byte[0], "--prompt-file", file.toString())).isEqualTo("Grüße\n");
        assertThat(prompt("läuft".getBytes(StandardCharsets.UTF_8), "--prompt-file", "-"))
                .isEqualTo("läuft");
    }

    @Test
    void aPromptIsRefusedUnlessItIsOneText() throws IOException {
        refused(
                () -> prompt(new byte[0]),
                "--prompt must be given, was left out; --prompt-file - reads it from standard input");
        refused(
                () -> prompt(new byte[0], "--prompt", "a", "--prompt-file", "-"),
                "--prompt must be given without --prompt-file, was given with it; leave one of them out");
        refused(
                () -> prompt(new byte[0], "--prompt-file", folder.toString()),
                "--prompt-file must be a file, was " + folder + "; correct the path, or - for standard input");
        refused(
                () -> prompt(new byte[] {(byte) 0xff}, "--prompt-file", "-"),
                "--prompt-file must be text in UTF-8, was not: -");
    }

    @Test
    void aStateIsCutToTheTerminalAndALineIsNot() {
        StringWriter err = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(err), OptionalInt.of(20));
        line.state("x".repeat(30));
        line.state("short");
        line.line("y".repeat(30));
        String erase = "\r\033[K";
        assertThat(err.toString())
                .isEqualTo(erase + "x".repeat(19) + erase + "short" + erase + "y".repeat(30) + System.lineSeparator());
    }

    @Test
    void whereThereIsNoTerminalEveryStateIsALineEachHalfMinute() {
        StringWriter err = new StringWriter();
        ProgressLine plain = new ProgressLine(new PrintWriter(err), OptionalInt.empty());
        plain.state("x".repeat(200));
        assertThat(err.toString()).isEqualTo("x".repeat(200) + System.lineSeparator());
        plain.restartInterval(5);
        assertThat(plain.isDue(5 + 29_999_999_999L)).isFalse();
        assertThat(plain.isDue(5 + 30_000_000_000L)).isTrue();
        ProgressLine terminal = new ProgressLine(new PrintWriter(err), OptionalInt.of(20));
        terminal.restartInterval(5);
        assertThat(terminal.isDue(5 + 99_999_999L)).isFalse();
        assertThat(terminal.isDue(5 + 100_000_000L)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "7.4, 0:07", "59.6, 1:00", "750, 12:30", "3599.4, 59:59", "3600, 1:00:00", "11045, 3:04:05"})
    void aTimeIsShownAsByAClock(double seconds, String text) {
        assertThat(ProgressLine.time(seconds)).isEqualTo(text);
    }

    private static String prompt(byte[] in, String... words) throws IOException {
        return CommandLine.populateCommand(new PromptOptions(), words).text(new ByteArrayInputStream(in));
    }

    private static void refused(ThrowingCallable action, String message) {
        assertThatThrownBy(action).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
